import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as httpRequest,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream';
import type { Problem } from '@almagest/contracts';

/** Headers that are about one connection and not about the message (RFC 9110, 7.6.1). */
const OF_THE_CONNECTION = [
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade'],
];

const connections = new Agent({ keepAlive: true, maxFreeSockets: 32 });

/**
 * Hands a request on to a service and its answer back, both as they come. A service that does not answer is a 502; an
 * answer that breaks off breaks the connection, as only that tells the client that it is not whole.
 * @param onTrouble is told why the service did not answer
 */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  service: string,
  onTrouble: (error: Error) => void,
): void {
  const { host, ...headers } = endToEnd(request.headers);
  const remote = request.socket.remoteAddress ?? '';
  const onwards = httpRequest(`${service}${request.url}`, {
    agent: connections,
    method: request.method,
    headers: {
      ...headers,
      host,
      // A body whose length is not told comes in chunks; one that has none must not be announced.
      ...(request.headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' }),
      'x-forwarded-for': [headers['x-forwarded-for'], remote].filter(Boolean).join(', '),
      'x-forwarded-host': headers['x-forwarded-host'] ?? host,
    },
  });
  onwards.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.headers));
    pipeline(answer, response, () => undefined);
  });
  onwards.on('error', (error) => {
    if (response.destroyed) return;
    onTrouble(error);
    if (response.headersSent) response.destroy();
    else refuse(response);
  });
  // Whoever goes away takes the other side along: nobody reads a part for nobody.
  response.on('close', () => onwards.destroy());
  pipeline(request, onwards, () => undefined);
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const dropped = new Set([...OF_THE_CONNECTION, ...named]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)));
}

function refuse(response: ServerResponse): void {
  const problem: Problem = {
    ...{ type: 'urn:almagest:problem:front.service-away', title: 'Bad Gateway', status: 502 },
    ...{ detail: 'The service behind this route does not answer; try again', code: 'front.service-away' },
  };
  response.writeHead(502, { 'content-type': 'application/problem+json', connection: 'close', 'retry-after': '1' });
  response.end(JSON.stringify(problem));
}
