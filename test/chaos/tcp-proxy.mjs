import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as later } from 'node:timers';

/** Stands between the services and one engine: it can refuse connections, cut those that are open, and be slow. */
export class TcpProxy {
  /** @param {number} target where the engine listens, on this machine; `port` is the proxy's own, 0 any free one */
  static async to(target, port = 0) {
    const proxy = new TcpProxy(target);
    await proxy.accept(port);
    return proxy;
  }

  constructor(target) {
    Object.assign(this, { target, delay: 0, sockets: new Set() });
  }

  /** Answers again, on the same port. */
  async accept(port = this.port) {
    this.server = createServer((client) => this.join(client));
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = this.server.address().port;
  }

  /** Whoever connects is refused; what is open breaks. */
  async refuse() {
    const closed = once(this.server, 'close');
    this.server.close();
    this.cut();
    await closed;
  }

  cut() {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Every piece of every connection comes so much later, in ms. */
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
