import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A proxy between users and an archive that can stop the answers of the archive after some bytes. */
export class SlowProxy {
  /** The number of bytes after which the answer of a connection is stopped; null forwards all. */
  holdAfter: number | null = null;
  /** The requests: the first line of each, and its Range. */
  readonly asked: string[] = [];
  private target = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<SlowProxy> {
    const server = createServer();
    const proxy = new SlowProxy(server);
    server.on('connection', (socket) => proxy.pass(socket));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Forwards everything to this URL from now on. */
  leadTo(url: string): void {
    this.target = Number(new URL(url).port);
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private pass(user: Socket): void {
    const archive = connect(this.target, '127.0.0.1');
    let passed = 0;
    for (const socket of [user, archive]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        user.destroy();
        archive.destroy();
      });
    }
    user.on('data', (bytes: Buffer) => {
      const head = bytes.toString('latin1');
      const [first = ''] = head.split('\r\n', 1);
      if (first.endsWith('HTTP/1.1')) this.asked.push([first, /^range: .*$/im.exec(head)?.[0] ?? ''].join(' ').trim());
      archive.write(bytes);
    });
    archive.on('data', (bytes: Buffer) => {
      const room = this.holdAfter === null ? bytes.length : Math.max(0, this.holdAfter - passed);
      passed += bytes.length;
      if (room > 0) user.write(bytes.subarray(0, room));
    });
  }
}
