import http from 'node:http';
import https from 'node:https';
import { Client, type ClientOptions } from 'minio';
import { ObjectStoreError } from '../object-store.error';
import { S3ResponseError } from './s3-error';

const MAX_ERROR_BODY = 64 * 1024;
/** Completing an upload may take a server minutes during which it sends nothing: POST requests wait so much longer. */
const POST_TIMEOUT_FACTOR = 10;

const STATUS_CODES: Readonly<Record<number, string>> = {
  404: 'NotFound',
  412: 'PreconditionFailed',
  501: 'NotImplemented',
};

export interface S3Connection {
  /** `http://host:port` or, with TLS, `https://host:port`; without a path. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Whether the bucket is in the path; otherwise it is in front of the host name. */
  readonly pathStyle: boolean;
  /** Certificates (PEM) to trust instead of the usual ones, for a store with its own certificate authority. */
  readonly ca?: string;
  /** How long the server may send nothing, by default a minute. */
  readonly timeoutMs?: number;
}

/**
 * Creates two clients on the same connections. They do not retry. `client` signs the bodies of requests where no TLS
 * protects them; `unsigning` does not.
 * @throws ObjectStoreError `object-store.unusable` when the endpoint is not valid
 */
export function connectS3(options: S3Connection): { client: Client; unsigning: Client; agent: http.Agent } {
  const { region, accessKey, secretKey, pathStyle, ca, timeoutMs = 60_000 } = options;
  const { protocol, hostname, port, pathname } = parseEndpoint(options.endpoint);
  const useSSL = protocol === 'https:';
  if ((!useSSL && protocol !== 'http:') || pathname !== '/') throw badEndpoint(options.endpoint);
  const agent = useSSL
    ? new https.Agent({ keepAlive: true, ...(ca !== undefined && { ca }) })
    : new http.Agent({ keepAlive: true });
  const clientOptions = {
    endPoint: hostname.replace(/^\[|\]$/g, ''),
    ...(port !== '' && { port: Number(port) }),
    useSSL,
    region,
    accessKey,
    secretKey,
    pathStyle,
    transport: s3Transport(useSSL, timeoutMs),
    transportAgent: agent,
    retryOptions: { disableRetry: true },
  };
  const [client, unsigning] = [new Client(clientOptions), new Client(clientOptions)];
  unsigning.enableSHA256 = false;
  return { client, unsigning, agent };
}

/**
 * Sends the client's requests through Node, with two differences: a request fails when the server sends nothing for
 * `timeoutMs`, and a response other than 2xx becomes an S3ResponseError. (The client itself would lose the status and
 * the code, leave the body unread, and write to the console.)
 */
export function s3Transport(useTls: boolean, timeoutMs: number): NonNullable<ClientOptions['transport']> {
  const send = useTls ? https.request : http.request;
  type OnResponse = (response: http.IncomingMessage) => void;
  return {
    request(target: http.RequestOptions | string | URL, second?: http.RequestOptions | OnResponse, third?: OnResponse) {
      const onResponse = typeof second === 'function' ? second : third;
      const options = typeof second === 'object' ? second : typeof target === 'object' ? target : {};
      const request = typeof second === 'object' ? send(target as string | URL, second) : send(target as string | URL);
      const isPost = 'method' in options && options.method === 'POST';
      failWhenSilent(request, isPost ? POST_TIMEOUT_FACTOR * timeoutMs : timeoutMs);
      request.once('response', (response) => {
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) onResponse?.(response);
        else failWithResponse(request, response, status);
      });
      return request;
    },
  };
}

/** Fails a request whose server sends nothing. Time that the reader takes to consume received bytes does not count. */
function failWhenSilent(request: http.ClientRequest, timeoutMs: number): void {
  let response: http.IncomingMessage | undefined;
  request.once('response', (received) => (response = received));
  request.once('socket', (socket) => {
    const onTimeout = (): void => {
      if (response !== undefined && response.readableLength > 0) socket.setTimeout(timeoutMs);
      else request.destroy(Object.assign(new Error(`no data for ${timeoutMs} ms`), { code: 'ETIMEDOUT' }));
    };
    socket.setTimeout(timeoutMs);
    // On the socket, because the request emits only the first of its time-outs.
    socket.on('timeout', onTimeout);
    request.once('close', () => {
      socket.setTimeout(0);
      socket.off('timeout', onTimeout);
    });
  });
}

function failWithResponse(request: http.ClientRequest, response: http.IncomingMessage, status: number): void {
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

function parseEndpoint(endpoint: string): URL {
  try {
    return new URL(endpoint);
  } catch (error) {
    throw badEndpoint(endpoint, error);
  }
}

function badEndpoint(endpoint: string, cause?: unknown): ObjectStoreError {
  return new ObjectStoreError('object-store.unusable', `"${endpoint}" is not an endpoint such as https://host:9000`, {
    cause,
  });
}
