import { Client, S3Error } from 'minio';
import type { Source } from './source';
import { SourceError } from './source.error';

/** The S3 store that `s3://` locations name buckets of. */
export interface S3SourceOptions {
  endpoint: string;
  accessKey: string;
  secretKey: string;
  region: string;
  buckets: readonly string[];
}

/** An object in one of the configured buckets. */
export class S3Source implements Source {
  constructor(
    private readonly location: string,
    private readonly options: S3SourceOptions | null,
  ) {}

  async *open(signal: AbortSignal): AsyncIterable<Uint8Array> {
    const url = new URL(this.location);
    const bucket = url.host;
    if (this.options === null || !this.options.buckets.includes(bucket)) {
      throw new SourceError('source.not-allowed', `${bucket} is not a bucket this archive reads from`);
    }
    try {
      const stream = await clientOf(this.options).getObject(bucket, decodeURIComponent(url.pathname.slice(1)));
      const stop = (): void => void stream.destroy();
      signal.addEventListener('abort', stop, { once: true });
      try {
        yield* stream as AsyncIterable<Uint8Array>;
      } finally {
        signal.removeEventListener('abort', stop);
      }
    } catch (cause) {
      signal.throwIfAborted();
      throw this.translate(cause);
    }
  }

  private translate(cause: unknown): SourceError {
    const code = cause instanceof S3Error ? cause.code : undefined;
    if (code === 'NoSuchKey' || code === 'NoSuchBucket') {
      return new SourceError('source.not-found', `${this.location} does not exist`, { cause });
    }
    if (code === 'AccessDenied') return new SourceError('source.denied', `${this.location} may not be read`, { cause });
    return new SourceError('source.unavailable', `${this.location} cannot be read now`, { cause });
  }
}

function clientOf({ endpoint, accessKey, secretKey, region }: S3SourceOptions): Client {
  const { hostname, port, protocol } = new URL(endpoint);
  const useSSL = protocol === 'https:';
  return new Client({
    endPoint: hostname,
    ...(port ? { port: Number(port) } : {}),
    useSSL,
    accessKey,
    secretKey,
    region,
  });
}
