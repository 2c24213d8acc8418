import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to a server that can be interrupted: to whoever uses it, and to the server, the other side is gone. */
export class Plug {
  private isOut = false;
  private readonly sockets = new Set<Socket>();

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  /** @param port where it listens; 0 takes a free one */
  static async into(databaseUrl: string, port = 0): Promise<Plug> {
    const target = new URL(databaseUrl);
    const server = createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(databaseUrl);
    url.port = String((server.address() as AddressInfo).port);
    const plug = new Plug(url.href, server);
    server.on('connection', (near) => {
      if (plug.isOut) near.resetAndDestroy();
      else plug.join(near, connect(Number(target.port), target.hostname));
    });
    return plug;
  }

  /** Breaks every connection and lets no new one through until it is put back in. */
  takeOut(): void {
    this.isOut = true;
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  putIn(): void {
    this.isOut = false;
  }

  /** Breaks every connection for good. */
  async pull(): Promise<void> {
    this.takeOut();
    if (!this.server.listening) return;
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(near: Socket, far: Socket): void {
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
