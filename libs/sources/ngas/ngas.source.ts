import { crc32 } from '@node-rs/crc32';
import { Agent, type Dispatcher, request } from 'undici';
import { type HttpAnswer, lengthOf } from '../http-answer';
import { type ReopenPolicy, type Opening, readOn, type Reopenable } from '../read-on';
import type { Source, SourceReader } from '../source';
import { SourceError } from '../source.error';
import { StreamReader } from '../stream-reader';
import { LONGEST_STATUS, type NgasStatus, parseNgasStatus } from './ngas-status';

/** One request a connection: NGAS speaks HTTP/1.0. Silence is watched over by `readOn`. */
const agent = new Agent({ connectTimeout: 10_000, headersTimeout: 0, bodyTimeout: 0, pipelining: 0 });
const STATUS_WITHIN_MS = 60_000;

/** A file as its NGAS server describes it. */
type KnownFile = NonNullable<NgasStatus['file']>;

/** How NGAS servers are reached. */
export interface NgasAccess {
  /** `host:port` of the servers that may be read from. */
  servers: readonly string[];
  reopen?: ReopenPolicy;
}

/**
 * A file of an NGAS archive, `ngas://host:port/<file id>`, the observatory's bulk store. `STATUS` tells its newest
 * version, size and checksum; `RETRIEVE` gives exactly that version. NGAS has no ranges: an answer that breaks off is
 * asked for again from the beginning, and what was had is passed over.
 */
export class NgasSource implements Source {
  constructor(
    private readonly location: string,
    /** Bytes it should have. */
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
      throw new SourceError('source.not-allowed', `${host} is not an NGAS server this archive reads from`);
    }
    const retrieval = new Retrieval(location, host, fileIdIn(location, pathname), this.size);
    let sum = 0;
    for await (const piece of readOn(retrieval, signal, access.reopen)) {
      sum = crc32(piece, sum);
      yield piece;
    }
    const kept = retrieval.known?.crc32 ?? null;
    if (kept === null || kept === sum) return;
    throw new SourceError('source.corrupt', `${location} is not what its NGAS server took in`, {
      expected: `CRC-32 ${kept}`,
      found: `CRC-32 ${sum}`,
    });
  }
}

/** The requests of one reading. */
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
    const answer = await this.ask('RETRIEVE', { file_id: this.fileId, file_version: version }, signal);
    if (answer.statusCode === 200 && lengthOf(answer) === size) return { begin: 0, size, stream: answer.body };
    if (answer.statusCode === 200) {
      answer.body.destroy();
      throw new SourceError('source.unavailable', `${this.location} came with another length than its server keeps`);
    }
    throw refusal(this.location, parseNgasStatus(await textOf(answer)));
  }

  private async lookUp(signal: AbortSignal): Promise<KnownFile> {
    const within = AbortSignal.any([signal, AbortSignal.timeout(STATUS_WITHIN_MS)]);
    const answer = parseNgasStatus(await textOf(await this.ask('STATUS', { file_id: this.fileId }, within)));
    if (answer?.status !== 'SUCCESS' || answer.state !== 'ONLINE' || answer.file === null) {
      throw refusal(this.location, answer);
    }
    if (answer.file.size === this.size) return answer.file;
    throw new SourceError('source.other-length', `${this.location} has not the size that was posted`, {
      expected: `${this.size} bytes`,
      found: `${answer.file.size} bytes`,
    });
  }

  private async ask(command: string, query: Record<string, string>, signal: AbortSignal): Promise<HttpAnswer> {
    const options: { dispatcher: Dispatcher; signal: AbortSignal } = { dispatcher: agent, signal };
    try {
      const answer = await request(`http://${this.host}/${command}?${new URLSearchParams(query).toString()}`, options);
      // A body that is dropped unread reports that it was: with nobody to hear it, that would end the process.
      answer.body.on('error', () => undefined);
      return answer;
    } catch (cause) {
      throw new SourceError('source.unavailable', `the NGAS server ${this.host} does not answer`, { cause });
    }
  }
}

function fileIdIn(location: string, pathname: string): string {
  try {
    return decodeURIComponent(pathname.slice(1));
  } catch (cause) {
    throw new SourceError('source.unusable', `${location} is not a file id in the form of a URL`, { cause });
  }
}

/** What an answer that is no success means; null stands for one that is no NGAS answer at all. */
function refusal(location: string, answer: NgasStatus | null): SourceError {
  if (answer === null) {
    return new SourceError('source.unavailable', `${location}: what answers is no NGAS server, or one in trouble`);
  }
  if (answer.message.startsWith('NGAMS_ER_UNAVAIL_FILE')) {
    return new SourceError('source.not-found', `${location} does not exist`);
  }
  const words = answer.state === 'ONLINE' ? answer.message : `it is ${answer.state}`;
  return new SourceError('source.unavailable', `${location}: the NGAS server cannot give it now: ${words}`);
}

async function textOf({ body }: HttpAnswer): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      length += piece.length;
      if (length > LONGEST_STATUS) return '';
      pieces.push(piece);
    }
  } catch (cause) {
    throw new SourceError('source.unavailable', 'the NGAS server broke off its answer', { cause });
  }
  return Buffer.concat(pieces).toString();
}
