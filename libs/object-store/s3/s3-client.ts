import http from 'node:http';
import https from 'node:https';
import { Client } from 'minio';
import { ObjectStoreError } from '../object-store.error';
import { s3Transport } from './s3-transport';

export interface S3Connection {
  /** `http://host:port` or, with TLS, `https://host:port`; without a path. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** True: the bucket stands in the path; false: in front of the host name. */
  readonly pathStyle: boolean;
  /** Certificates (PEM) to trust instead of the usual ones, for a store with an authority of its own. */
  readonly ca?: string;
  /** How long a server may be silent, a minute unless given. */
  readonly timeoutMs?: number;
}

/**
 * Two clients that make each request once, on the same connections: `client`, which signs the bodies of requests where
 * no TLS protects them, and `unsigning`, which does not.
 * @throws ObjectStoreError `object-store.unusable` when the endpoint cannot be one
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
