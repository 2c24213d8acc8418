import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to an answer in transit; `pass` forwards the answer of the archive. */
export type Interference = (asked: IncomingMessage, answer: ServerResponse, pass: () => void) => void;

/** A server between a client and an archive that disturbs answers, as a network or a proxy may. */
export class InterposedServer {
  /** The URL that it listens on, or listened on before it was stopped. */
  readonly url: string;
  /** Requested paths and ranges, in order. */
  readonly asked: string[] = [];
  /** Called for every request to stored bytes; null passes all. */
  interfere: Interference | null = null;
  /** The number of bytes after which an answer is stopped until `release` is called. */
  private holdAfter: number | null = null;
  private held: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    private readonly archive: () => string,
  ) {
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (asked: IncomingMessage, answer: ServerResponse) => {
      const path = asked.url ?? '';
      this.asked.push(`${path} ${asked.headers.range ?? ''}`.trimEnd());
      const pass = (): void => this.pass(asked, answer);
      if (this.interfere !== null && /\/(?:parts|files)\//.test(path)) this.interfere(asked, answer, pass);
      else pass();
    });
  }

  /** @param archive returns the URL of the archive, which may change when it starts again */
  static async start(archive: () => string): Promise<InterposedServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new InterposedServer(server, archive);
  }

  /** Forwards this many stored bytes of each answer, and the rest after `release`. */
  holdStoredBytesAfter(bytes: number): void {
    this.holdAfter = bytes;
  }

  release(): void {
    this.holdAfter = null;
    for (const go of this.held.splice(0)) go();
  }

  async stop(): Promise<void> {
    this.release();
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private pass(asked: IncomingMessage, answer: ServerResponse): void {
    const { method, headers, url = '' } = asked;
    const onwards = request(new URL(url, this.archive()), { method, headers });
    onwards.on('error', () => answer.destroy());
    answer.on('close', () => onwards.destroy());
    answer.on('error', () => onwards.destroy());
    onwards.on('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      void this.sendOn(response, answer, /\/(?:parts|files)\//.test(url)).catch(() => answer.destroy());
    });
    asked.pipe(onwards);
  }

  private async sendOn(from: IncomingMessage, to: ServerResponse, isStored: boolean): Promise<void> {
    let sent = 0;
    for await (const chunk of from as AsyncIterable<Buffer>) {
      const room = isStored && this.holdAfter !== null ? this.holdAfter - sent : chunk.length;
      if (room < chunk.length) {
        to.write(chunk.subarray(0, Math.max(0, room)));
        await new Promise<void>((resolve) => this.held.push(resolve));
        to.write(chunk.subarray(Math.max(0, room)));
      } else if (!to.write(chunk)) await roomIn(to);
      if (to.destroyed) return;
      sent += chunk.length;
    }
    to.end();
  }
}

/** Resolves when an answer can accept more data, or is closed. */
async function roomIn(answer: ServerResponse): Promise<void> {
  const done = new AbortController();
  const { signal } = done;
  await Promise.race([once(answer, 'drain', { signal }), once(answer, 'close', { signal })]);
  done.abort();
}
