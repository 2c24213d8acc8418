import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as later } from 'node:timers';

/** A proxy between the services and one engine. It can refuse new connections, cut open ones, and delay data. */
export class TcpProxy {
  /** @param {number} target the engine's port on this machine; `port` is the proxy's own port, 0 takes a free one */
  static async to(target, port = 0) {
    const proxy = new TcpProxy(target);
    await proxy.accept(port);
    return proxy;
  }

  constructor(target) {
    Object.assign(this, { target, delay: 0, sockets: new Set() });
  }

  /** Accepts connections again, on the same port. */
  async accept(port = this.port) {
    this.server = createServer((client) => this.join(client));
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = this.server.address().port;
  }

  /** Refuses new connections and breaks open ones. */
  async refuse() {
    const closed = once(this.server, 'close');
    this.server.close();
    this.cut();
    await closed;
  }

  cut() {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Delays every chunk of every connection by this many ms. */
  slow(delay) {
    this.delay = delay;
  }

  join(client) {
    const engine = connect(this.target, '127.0.0.1');
    for (const [from, to] of [
      [client, engine],
      [engine, client],
    ]) {
      this.sockets.add(from);
      from.setNoDelay(true);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      from.pipe(this.delayed()).pipe(to);
    }
  }

  delayed() {
    return new Transform({
      transform: (chunk, _encoding, done) => {
        if (this.delay === 0) done(null, chunk);
        else later(() => done(null, chunk), this.delay);
      },
    });
  }
}
