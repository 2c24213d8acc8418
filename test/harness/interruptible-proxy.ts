import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A proxy in front of a server. While it is interrupted, each side sees the other as gone. */
export class InterruptibleProxy {
  private isInterrupted = false;
  private readonly sockets = new Set<Socket>();

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  /** @param port the port to listen on; 0 takes a free one */
  static async to(serverUrl: string, port = 0): Promise<InterruptibleProxy> {
    const target = new URL(serverUrl);
    const server = createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(serverUrl);
    url.port = String((server.address() as AddressInfo).port);
    const proxy = new InterruptibleProxy(url.href, server);
    server.on('connection', (near) => {
      if (proxy.isInterrupted) near.resetAndDestroy();
      else proxy.join(near, connect(Number(target.port), target.hostname));
    });
    return proxy;
  }

  /** Breaks every connection and refuses new ones until `resume` is called. */
  interrupt(): void {
    this.isInterrupted = true;
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  resume(): void {
    this.isInterrupted = false;
  }

  /** Breaks every connection and stops listening. */
  async close(): Promise<void> {
    this.interrupt();
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
