import { Agent, type Dispatcher } from 'undici';
import { getAllowed } from './https-request';
import {
  checkRemainder,
  checkWhole,
  type HttpResponse,
  isSameFromStart,
  looksLikeWebPage,
  type Validator,
  validatorOf,
  webPage,
} from './http-response';
import { type ReopenPolicy, type Opening, readResumably, type Reopenable } from './resumable-read';
import { type Source, type SourceReader, StreamReader } from './source';
import { SourceError } from './source.error';

/** One agent for all downloads. `readResumably` applies the time-outs, because it knows which side is waiting. */
const agent = new Agent({ connectTimeout: 10_000, headersTimeout: 0, bodyTimeout: 0 });

/** Which https:// locations are allowed, and how to read them. */
export interface HttpsAccess {
  /** `host` or `host:port`, as in a URL. */
  hosts: readonly string[];
  /** The connections to use instead of the default ones. */
  dispatcher?: Dispatcher;
  reopen?: ReopenPolicy;
}

/**
 * A file on one of the configured web servers; a redirect may lead only to another of them. After an interruption the
 * download resumes by range at the next byte, if the server identifies the version of the file.
 */
export class HttpsSource implements Source {
  constructor(
    private readonly location: string,
    /** Expected bytes. */
    private readonly size: number,
    private readonly access: HttpsAccess,
  ) {}

  async open(signal: AbortSignal): Promise<SourceReader> {
    return new StreamReader(this.pieces(signal));
  }

  private async *pieces(signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const { location, size, access } = this;
    let isFirst = true;
    for await (const piece of readResumably(new Download(location, size, access), signal, access.reopen)) {
      if (isFirst && looksLikeWebPage(piece)) throw webPage(location);
      isFirst = false;
      yield piece;
    }
  }
}

/** The requests of one download. */
class Download implements Reopenable {
  private known: Validator | null = null;

  constructor(
    readonly location: string,
    private readonly size: number,
    private readonly access: HttpsAccess,
  ) {}

  async openAt(from: number, signal: AbortSignal): Promise<Opening> {
    const { dispatcher = agent, hosts } = this.access;
    const response = await getAllowed(this.location, hosts, { dispatcher, signal, headers: this.headersFor(from) });
    try {
      return this.accept(response, from);
    } catch (error) {
      response.body.destroy();
      throw error;
    }
  }

  private headersFor(from: number): Record<string, string> {
    const headers = { 'accept-encoding': 'identity' };
    if (from === 0) return headers;
    if (this.known === null) {
      const message = `${this.location} was interrupted after ${from} bytes, and its server names no version to resume`;
      throw new SourceError('source.not-resumable', message);
    }
    return { ...headers, range: `bytes=${from}-`, 'if-range': this.known.value };
  }

  private accept(response: HttpResponse, from: number): Opening {
    const { location, size, known } = this;
    if (from > 0 && known !== null && !isSameFromStart(response, known)) {
      checkRemainder(response, location, from, size, known);
      return { begin: from, size, stream: response.body };
    }
    checkWhole(response, location, size);
    this.known = validatorOf(response);
    return { begin: 0, size, stream: response.body };
  }
}
