import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from './self-signed-certificate';

/** A web server with answers defined by the test; an unknown path answers 404. */
export class HttpsServer {
  /** The requested paths, in order. */
  readonly asked: string[] = [];
  private readonly answers = new Map<string, RequestListener>();

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const path = request.url ?? '';
      this.asked.push(path);
      const answer = this.answers.get(path);
      if (answer === undefined) response.writeHead(404).end('not here');
      else answer(request, response);
    });
  }

  static async start(certificate: Certificate): Promise<HttpsServer> {
    const server = createServer(certificate);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HttpsServer(server);
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Sets the answer of a path and returns its URL. */
  on(path: string, answer: RequestListener): string {
    this.answers.set(path, answer);
    return `https://${this.host}${path}`;
  }

  /** Serves the bytes at a path. */
  serve(path: string, bytes: Uint8Array, type = 'application/x-tar'): string {
    return this.on(path, (_request, response) => {
      response.writeHead(200, { 'content-type': type, 'content-length': bytes.length }).end(bytes);
    });
  }

  /** Serves a redirect at a path. */
  redirect(path: string, location: string, status = 302): string {
    return this.on(path, (_request, response) => {
      response.writeHead(status, { location }).end('elsewhere');
    });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
