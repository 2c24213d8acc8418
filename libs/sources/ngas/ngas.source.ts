import { crc32 } from '@node-rs/crc32';
import { BodyLimitError, readBody } from '@almagest/platform';
import { Agent } from 'undici';
import { notAllowed } from '../allowed-sources';
import { get, type HttpResponse, lengthOf } from '../http-response';
import { type ReopenPolicy, type Opening, readResumably, type Reopenable } from '../resumable-read';
import { type Source, type SourceReader, StreamReader } from '../source';
import { SourceError } from '../source.error';
import { MAX_STATUS_LENGTH, type NgasStatus, parseNgasStatus } from './ngas-status';

/** One request for each connection: NGAS speaks HTTP/1.0. `readResumably` applies the time-outs. */
const agent = new Agent({ connectTimeout: 10_000, headersTimeout: 0, bodyTimeout: 0, pipelining: 0 });
const STATUS_TIMEOUT_MS = 60_000;

/** A file as its NGAS server describes it. */
type KnownFile = NonNullable<NgasStatus['file']>;

/** Which NGAS servers are allowed, and how to read from them. */
export interface NgasAccess {
  /** `host:port` of the allowed servers. */
  servers: readonly string[];
  reopen?: ReopenPolicy;
}

/**
 * A file of an NGAS archive, the observatory's bulk store: `ngas://host:port/<file id>`. `STATUS` returns its newest
 * version, size and checksum; `RETRIEVE` returns exactly that version. NGAS has no ranges: after an interruption the
 * file is requested again from the beginning, and the bytes that were read before are skipped.
 */
export class NgasSource implements Source {
  constructor(
    private readonly location: string,
    /** Expected bytes. */
    private readonly size: number,
    private readonly access: NgasAccess,
  ) {}

  async open(signal: AbortSignal): Promise<SourceReader> {
    return new StreamReader(this.pieces(signal));
  }

  private async *pieces(signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const { location, access } = this;
    const { host, pathname } = new URL(location);
    if (!access.servers.includes(host)) {
      throw new SourceError('source.not-allowed', notAllowed(`ngas://${host}`, access.servers));
    }
    const retrieval = new Retrieval(location, host, decodeURIComponent(pathname.slice(1)), this.size);
    let sum = 0;
    for await (const piece of readResumably(retrieval, signal, access.reopen)) {
      sum = crc32(piece, sum);
      yield piece;
    }
    const expected = retrieval.known?.crc32 ?? null;
    if (expected === null || expected === sum) return;
    throw new SourceError('source.corrupt', `${location} does not match the checksum of its NGAS server`, {
      expected: `CRC-32 ${expected}`,
      found: `CRC-32 ${sum}`,
    });
  }
}

/** The requests of one download. */
class Retrieval implements Reopenable {
  known: KnownFile | null = null;

  constructor(
    readonly location: string,
    private readonly host: string,
    private readonly fileId: string,
    private readonly size: number,
  ) {}

  async openAt(_from: number, signal: AbortSignal): Promise<Opening> {
    const { version, size } = (this.known ??= await this.lookUp(signal));
    const response = await this.send('RETRIEVE', { file_id: this.fileId, file_version: version }, signal);
    if (response.statusCode === 200 && lengthOf(response) === size) return { begin: 0, size, stream: response.body };
    if (response.statusCode === 200) {
      response.body.destroy();
      throw new SourceError(
        'source.unavailable',
        `the NGAS server sent ${this.location} with a length that differs from its STATUS`,
      );
    }
    throw refusal(this.location, parseNgasStatus(await textOf(response, signal)));
  }

  private async lookUp(signal: AbortSignal): Promise<KnownFile> {
    const within = AbortSignal.any([signal, AbortSignal.timeout(STATUS_TIMEOUT_MS)]);
    const response = await this.send('STATUS', { file_id: this.fileId }, within);
    const status = parseNgasStatus(await textOf(response, within));
    if (status?.status !== 'SUCCESS' || status.state !== 'ONLINE' || status.file === null) {
      throw refusal(this.location, status);
    }
    if (status.file.size === this.size) return status.file;
    throw new SourceError('source.other-length', `${this.location} does not have the posted size`, {
      expected: `${this.size} bytes`,
      found: `${status.file.size} bytes`,
    });
  }

  private async send(command: string, query: Record<string, string>, signal: AbortSignal): Promise<HttpResponse> {
    const url = new URL(`http://${this.host}/${command}?${new URLSearchParams(query).toString()}`);
    return get(url, { dispatcher: agent, signal });
  }
}

/** Translates a failure; null is a response that is not from NGAS. */
function refusal(location: string, status: NgasStatus | null): SourceError {
  if (status === null) {
    return new SourceError('source.unavailable', `${location}: the response is not from NGAS, or NGAS has failed`);
  }
  if (status.message.startsWith('NGAMS_ER_UNAVAIL_FILE')) {
    return new SourceError('source.not-found', `${location} does not exist`);
  }
  const reason = status.state === 'ONLINE' ? status.message : `it is ${status.state}`;
  return new SourceError('source.unavailable', `${location}: the NGAS server cannot send it at present: ${reason}`);
}

/** Returns the text of a status; empty when it is longer than a status of NGAS. */
async function textOf({ body }: HttpResponse, signal: AbortSignal): Promise<string> {
  try {
    const limits = { bytes: MAX_STATUS_LENGTH, milliseconds: STATUS_TIMEOUT_MS, signal };
    return (await readBody(body, limits)).toString();
  } catch (cause) {
    if (cause instanceof BodyLimitError) return '';
    throw new SourceError('source.unavailable', 'the response of the NGAS server was interrupted', { cause });
  }
}
