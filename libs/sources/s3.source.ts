import { readBody } from '@almagest/platform';
import { Client } from 'minio';
import { Agent } from 'undici';
import { notAllowed } from './allowed-sources';
import { get, type HttpResponse } from './http-response';
import { type Opening, readResumably, type Reopenable, type ReopenPolicy } from './resumable-read';
import { type Source, type SourceReader, StreamReader } from './source';
import { SourceError } from './source.error';

/** `readResumably` applies the time-outs, because it knows which side is waiting. */
const agent = new Agent({ connectTimeout: 10_000, headersTimeout: 0, bodyTimeout: 0 });
/** How long a request may take to reach the server. */
const LINK_SECONDS = 900;
/** An error of S3 has a few hundred bytes. */
const ERROR_LIMITS = { bytes: 64 * 1024, milliseconds: 5_000 };

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

/**
 * The requests of one download, with signed URLs: the minio client itself reads the body of an error without a limit and
 * cannot be aborted.
 */
class StoredFile implements Reopenable {
  private etag: string | string[] | undefined;
  private size = 0;

  constructor(
    readonly location: string,
    private readonly client: Client,
    private readonly bucket: string,
    private readonly key: string,
  ) {}

  async openAt(from: number, signal: AbortSignal): Promise<Opening> {
    const headers = { 'accept-encoding': 'identity', ...(from > 0 && { range: `bytes=${from}-` }) };
    const response = await get(await this.url(), { dispatcher: agent, signal, headers });
    const { statusCode, headers: found, body: stream } = response;
    if (statusCode !== 200 && !(from > 0 && statusCode === 206)) throw await this.refusal(response, signal);
    if (from === 0) [this.etag, this.size] = [found['etag'], Number(found['content-length'])];
    if (found['etag'] === this.etag) return { begin: statusCode === 206 ? from : 0, size: this.size, stream };
    stream.destroy();
    throw new SourceError('source.changed', `${this.location} was replaced while it was read`);
  }

  /** Returns a URL that is signed for this download. */
  private async url(): Promise<URL> {
    try {
      return new URL(await this.client.presignedGetObject(this.bucket, this.key, LINK_SECONDS));
    } catch (cause) {
      throw new SourceError('source.unusable', `${this.location} does not name an object`, { cause });
    }
  }

  private async refusal({ statusCode, body }: HttpResponse, signal: AbortSignal): Promise<SourceError> {
    // An error that is too long or does not end says no more than its status.
    const text = await readBody(body, { ...ERROR_LIMITS, signal }).catch(() => '');
    const code = /<Code>([A-Za-z0-9.]{1,100})<\/Code>/.exec(text.toString())?.[1];
    if (statusCode === 404) return new SourceError('source.not-found', `${this.location} does not exist`);
    if (code === 'AccessDenied') {
      return new SourceError('source.denied', `this archive has no permission to read ${this.location}`);
    }
    const answer = code === undefined ? `${statusCode}` : `${statusCode} ${code}`;
    return new SourceError(
      'source.unavailable',
      `${this.location} cannot be read at present: its server said ${answer}`,
    );
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
