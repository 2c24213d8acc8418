import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as httpRequest,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream';
import { urlToHttpOptions } from 'node:url';
import type { Problem } from '@almagest/contracts';

/** Headers that belong to one connection, not to the message (RFC 9110, 7.6.1). */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

const connections = new Agent({ keepAlive: true, maxFreeSockets: 32 });

/**
 * Streams a request to a service, and its answer back to the client. The client gets a 502 when the service does not
 * answer. When an answer is interrupted, its connection is closed, because nothing else signals an incomplete
 * body.
 * @param onError gets the reason why the service did not answer
 */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  service: string,
  onError: (error: Error) => void,
): void {
  const { host, ...headers } = endToEnd(request.headers);
  const address = new URL(service);
  const remote = request.socket.remoteAddress ?? '';
  const upstream = httpRequest({
    ...urlToHttpOptions(address),
    // As the client wrote it: a URL object would resolve `..`.
    path: `${address.pathname.replace(/\/$/, '')}${request.url}`,
    agent: connections,
    method: request.method,
    headers: {
      ...headers,
      // A client of HTTP/1.0 need not send a host.
      ...(host === undefined ? {} : { host }),
      // A body of unknown length is sent in chunks; a request without a body must not announce one.
      ...(request.headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' }),
      'x-forwarded-for': [headers['x-forwarded-for'], remote].filter(Boolean).join(', '),
      ...(host === undefined ? {} : { 'x-forwarded-host': headers['x-forwarded-host'] ?? host }),
    },
  });
  upstream.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.headers));
    pipeline(answer, response, () => undefined);
  });
  upstream.on('error', (error) => {
    if (response.destroyed) return;
    onError(error);
    if (response.headersSent) response.destroy();
    else answerBadGateway(response);
  });
  // When the client disconnects, the service need not continue.
  response.on('close', () => upstream.destroy());
  pipeline(request, upstream, () => undefined);
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const dropped = new Set([...HOP_BY_HOP, ...named]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)));
}

function answerBadGateway(response: ServerResponse): void {
  const problem: Problem = {
    type: 'urn:almagest:problem:gateway.service-unavailable',
    title: 'Bad Gateway',
    status: 502,
    detail: 'The service behind this route does not answer; try again',
    code: 'gateway.service-unavailable',
  };
  response.writeHead(502, { 'content-type': 'application/problem+json', connection: 'close', 'retry-after': '1' });
  response.end(JSON.stringify(problem));
}
