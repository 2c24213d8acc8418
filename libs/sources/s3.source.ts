import type { IncomingMessage } from 'node:http';
import { Client, S3Error } from 'minio';
import { notAllowed } from './allowed-sources';
import { type Opening, readResumably, type Reopenable, type ReopenPolicy } from './resumable-read';
import { type Source, type SourceReader, StreamReader } from './source';
import { SourceError } from './source.error';

/** The S3 server that has the buckets of `s3://` locations. */
export interface S3SourceOptions {
  endpoint: string;
  accessKey: string;
  secretKey: string;
  region: string;
  buckets: readonly string[];
}

/** An object in one of the configured buckets. An interrupted read resumes at the next byte. */
export class S3Source implements Source {
  constructor(
    private readonly location: string,
    private readonly options: S3SourceOptions | null,
    private readonly reopen?: ReopenPolicy,
  ) {}

  async open(signal: AbortSignal): Promise<SourceReader> {
    const url = new URL(this.location);
    const bucket = url.host;
    if (this.options === null || !this.options.buckets.includes(bucket)) {
      throw new SourceError('source.not-allowed', notAllowed(`s3://${bucket}`, this.options?.buckets ?? []));
    }
    const key = decodeURIComponent(url.pathname.slice(1));
    const file = new StoredFile(this.location, clientOf(this.options), bucket, key);
    return new StreamReader(readResumably(file, signal, this.reopen));
  }
}

/** The requests of one download. */
class StoredFile implements Reopenable {
  private etag: string | undefined;
  private size = 0;

  constructor(
    readonly location: string,
    private readonly client: Client,
    private readonly bucket: string,
    private readonly key: string,
  ) {}

  async openAt(from: number): Promise<Opening> {
    try {
      const { client, bucket, key } = this;
      const stream = await (from === 0 ? client.getObject(bucket, key) : client.getPartialObject(bucket, key, from));
      const { headers, statusCode } = stream as IncomingMessage;
      if (from === 0) [this.etag, this.size] = [headers.etag, Number(headers['content-length'])];
      if (headers.etag === this.etag) return { begin: statusCode === 206 ? from : 0, size: this.size, stream };
      stream.destroy();
      throw new SourceError('source.changed', `${this.location} was replaced while it was read`);
    } catch (cause) {
      throw this.translate(cause);
    }
  }

  private translate(cause: unknown): SourceError {
    if (cause instanceof SourceError) return cause;
    const code = cause instanceof S3Error ? cause.code : undefined;
    if (code === 'NoSuchKey' || code === 'NoSuchBucket') {
      return new SourceError('source.not-found', `${this.location} does not exist`, { cause });
    }
    if (code === 'AccessDenied')
      return new SourceError('source.denied', `this archive has no permission to read ${this.location}`, { cause });
    return new SourceError('source.unavailable', `${this.location} cannot be read at present`, { cause });
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
