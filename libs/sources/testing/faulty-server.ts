import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Agent } from 'undici';

/** Sends one answer to a request, or none. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const KEY = readFileSync(join(__dirname, 'throw-away.key.pem'));
/** The certificate that clients of the server must trust. */
export const CERTIFICATE = readFileSync(join(__dirname, 'throw-away.cert.pem'));

/** An HTTPS server that fails on purpose: it sends the answers of a script, one for each request, then repeats the last. */
export class FaultyServer {
  /** `Range` and `If-Range` of each request. */
  readonly asked: { range: string | undefined; ifRange: string | undefined }[] = [];
  private script: Answer[] = [];

  private constructor(
    private readonly server: Server,
    readonly agent: Agent,
  ) {}

  static async start(): Promise<FaultyServer> {
    const server = createServer({ key: KEY, cert: CERTIFICATE });
    const faulty = new FaultyServer(server, new Agent({ connect: { ca: CERTIFICATE } }));
    server.on('request', (request: IncomingMessage, response: ServerResponse) => faulty.answer(request, response));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return faulty;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  plays(...answers: Answer[]): void {
    this.script = answers;
    this.asked.length = 0;
  }

  async stop(): Promise<void> {
    await this.agent.destroy();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { range, 'if-range': ifRange } = request.headers;
    this.asked.push({ range, ifRange: typeof ifRange === 'string' ? ifRange : undefined });
    const next = this.script.length > 1 ? this.script.shift() : this.script[0];
    next?.(request, response);
  }
}

/** Sends a file as a good server does: with ranges, and If-Range compared with its ETag or modification time. */
export function fileOf(content: Buffer, headers: Record<string, string> = { etag: '"v1"' }): Answer {
  return (request, response) => {
    const { range, 'if-range': ifRange } = request.headers;
    const isSame = ifRange === undefined || ifRange === headers['etag'] || ifRange === headers['last-modified'];
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? Number.NaN);
    if (Number.isNaN(from) || !isSame) {
      response.writeHead(200, { 'content-length': content.length, ...headers }).end(content);
      return;
    }
    const rest = content.subarray(from);
    const contentRange = `bytes ${from}-${content.length - 1}/${content.length}`;
    const status = { 'content-range': contentRange, 'content-length': rest.length, ...headers };
    response.writeHead(206, status).end(rest);
  };
}

/** Answers as `whole` does, but closes the connection after some bytes of the body. */
export function cutAfter(bytes: number, whole: Answer): Answer {
  return endingWith(whole, (request, response, body) => {
    response.write(body.subarray(0, bytes), () => request.socket.destroy());
  });
}

/** Answers as `whole` does, but stops sending after some bytes of the body. */
export function silentAfter(bytes: number, whole: Answer): Answer {
  return endingWith(whole, (_, response, body) => void response.write(body.subarray(0, bytes)));
}

/** Answers as `whole` does, but `end` sends the body. */
export function endingWith(
  whole: Answer,
  end: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void,
): Answer {
  return (request, response) => {
    const cutShort = (body: Buffer): ServerResponse => {
      end(request, response, body);
      return response;
    };
    whole(request, Object.assign(response, { end: cutShort }));
  };
}

/** Answers with that status. */
export function says(status: number, headers: Record<string, string> = {}, body = ''): Answer {
  return (_, response) => void response.writeHead(status, headers).end(body);
}

/** Closes the connection without an answer. */
export const cut: Answer = (request) => void request.socket.destroy();

/** Sends nothing. */
export const silence: Answer = () => undefined;
