import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { BodyLimitError, readBody } from '@almagest/platform';
import { Client, type ClientOptions } from 'minio';
import { ObjectStoreError } from '../object-store.error';
import { S3ResponseError } from './s3-error';

const MAX_ERROR_BODY = 64 * 1024;
const ERROR_TIMEOUT_MS = 10_000;
/** The response to anything but a GET has a few hundred bytes. */
const MAX_SMALL_BODY = 1024 * 1024;
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
 * Sends the client's requests through Node, with three differences: a request fails when the server sends nothing for
 * `timeoutMs`; a response other than 2xx becomes an S3ResponseError; and only the body of a GET is streamed, others have
 * a limit. (The client itself would lose the status and the code, read bodies without a limit, and write to the
 * console.)
 */
export function s3Transport(useTls: boolean, timeoutMs: number): NonNullable<ClientOptions['transport']> {
  const send = useTls ? https.request : http.request;
  type OnResponse = (response: http.IncomingMessage) => void;
  return {
    request(target: http.RequestOptions | string | URL, second?: http.RequestOptions | OnResponse, third?: OnResponse) {
      const onResponse = typeof second === 'function' ? second : third;
      const options = typeof second === 'object' ? second : typeof target === 'object' ? target : {};
      const request = typeof second === 'object' ? send(target as string | URL, second) : send(target as string | URL);
      const method = ('method' in options ? options.method : undefined) ?? 'GET';
      const silence = method === 'POST' ? POST_TIMEOUT_FACTOR * timeoutMs : timeoutMs;
      failWhenSilent(request, silence);
      request.once('response', (response) => {
        const status = response.statusCode ?? 0;
        if (status < 200 || status >= 300) void failWithResponse(request, response, status);
        else if (method === 'GET') onResponse?.(response);
        else void answerInFull(request, response, silence, onResponse);
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

async function failWithResponse(
  request: http.ClientRequest,
  response: http.IncomingMessage,
  status: number,
): Promise<void> {
  let body = '';
  try {
    body = (await readBody(response, { bytes: MAX_ERROR_BODY, milliseconds: ERROR_TIMEOUT_MS })).toString();
  } catch (error) {
    // An error that is too long or does not end says no more than its status.
    if (!(error instanceof BodyLimitError)) return void request.emit('error', error);
  }
  const code = /<Code>([A-Za-z0-9.]{1,100})<\/Code>/.exec(body)?.[1] ?? STATUS_CODES[status] ?? '';
  const message = /<Message>([^<]{1,500})<\/Message>/.exec(body)?.[1] ?? `status ${status}`;
  request.emit('error', new S3ResponseError(status, code, message));
}

/**
 * Reads a small response before the client gets it: the client itself reads it without a limit.
 * @param onResponse gets its status, headers and body
 */
async function answerInFull(
  request: http.ClientRequest,
  response: http.IncomingMessage,
  milliseconds: number,
  onResponse: ((response: http.IncomingMessage) => void) | undefined,
): Promise<void> {
  try {
    const body = await readBody(response, { bytes: MAX_SMALL_BODY, milliseconds });
    const { statusCode, headers } = response;
    const whole = Object.assign(Readable.from(body.length === 0 ? [] : [body]), { statusCode, headers });
    onResponse?.(whole as unknown as http.IncomingMessage);
  } catch (error) {
    request.emit('error', error instanceof BodyLimitError ? tooLong(error) : error);
  }
}

/** Returns the error for a response that is longer, or takes longer, than any that S3 describes. */
export function tooLong(cause: BodyLimitError): ObjectStoreError {
  return new ObjectStoreError('object-store.failed', `the store does not respond as S3 does: ${cause.message}`, {
    cause,
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
