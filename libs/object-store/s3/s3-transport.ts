import http from 'node:http';
import https from 'node:https';
import type { ClientOptions } from 'minio';
import { S3ResponseError } from './s3-error';

const MAX_ERROR_BODY = 64 * 1024;
/** Completing an upload may take a server minutes, without a byte sent meanwhile. */
const POST_PATIENCE = 10;

const STATUS_CODES: Readonly<Record<number, string>> = {
  404: 'NotFound',
  412: 'PreconditionFailed',
  501: 'NotImplemented',
};

/**
 * How the client's requests are sent: like Node's own, but a server that falls silent for `timeoutMs` ends the request,
 * and an answer other than 2xx becomes an S3ResponseError here. (The client would lose its status and code, leave its
 * body unread, and write to the console.)
 */
export function s3Transport(useTls: boolean, timeoutMs: number): NonNullable<ClientOptions['transport']> {
  const send = useTls ? https.request : http.request;
  type Answer = (response: http.IncomingMessage) => void;
  return {
    request(target: http.RequestOptions | string | URL, second?: http.RequestOptions | Answer, third?: Answer) {
      const onAnswer = typeof second === 'function' ? second : third;
      const options = typeof second === 'object' ? second : typeof target === 'object' ? target : {};
      const request = typeof second === 'object' ? send(target as string | URL, second) : send(target as string | URL);
      const patience = 'method' in options && options.method === 'POST' ? POST_PATIENCE * timeoutMs : timeoutMs;
      watch(request, patience);
      request.once('response', (response) => {
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) onAnswer?.(response);
        else refuse(request, response, status);
      });
      return request;
    },
  };
}

/** Ends a request whose server is silent; a reader who is slow to take what has arrived is not the server's silence. */
function watch(request: http.ClientRequest, patience: number): void {
  let answer: http.IncomingMessage | undefined;
  request.once('response', (response) => (answer = response));
  request.once('socket', (socket) => {
    const onSilence = (): void => {
      if (answer !== undefined && answer.readableLength > 0) socket.setTimeout(patience);
      else request.destroy(Object.assign(new Error(`no sign of the store for ${patience} ms`), { code: 'ETIMEDOUT' }));
    };
    socket.setTimeout(patience);
    // On the socket, because the request passes on only the first of its timeouts.
    socket.on('timeout', onSilence);
    request.once('close', () => {
      socket.setTimeout(0);
      socket.off('timeout', onSilence);
    });
  });
}

function refuse(request: http.ClientRequest, response: http.IncomingMessage, status: number): void {
  let body = '';
  response.setEncoding('utf8');
  response.on('data', (piece: string) => {
    if (body.length < MAX_ERROR_BODY) body += piece;
  });
  response.once('error', (error) => request.emit('error', error));
  response.once('end', () => {
    const code = /<Code>([A-Za-z0-9.]{1,100})<\/Code>/.exec(body)?.[1] ?? STATUS_CODES[status] ?? '';
    const message = /<Message>([^<]{1,500})<\/Message>/.exec(body)?.[1] ?? `status ${status}`;
    request.emit('error', new S3ResponseError(status, code, message));
  });
}
