import { Agent, type Dispatcher, request } from 'undici';
import {
  checkRest,
  checkWhole,
  type HttpAnswer,
  isSameFromStart,
  looksLikeWebPage,
  type Validator,
  validatorOf,
  webPage,
} from './http-answer';
import { type ReopenPolicy, type Opening, readOn, type Reopenable } from './read-on';
import type { Source, SourceReader } from './source';
import { SourceError } from './source.error';
import { StreamReader } from './stream-reader';

const MOST_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** One agent for all downloads. Silence is watched over by `readOn`, which knows who is waiting for whom. */
const agent = new Agent({ connectTimeout: 10_000, headersTimeout: 0, bodyTimeout: 0 });

/** Where https:// locations may lead, and how they are reached. */
export interface HttpsAccess {
  /** `host` or `host:port`, as in a URL. */
  hosts: readonly string[];
  /** The connections to use, instead of the usual ones. */
  dispatcher?: Dispatcher;
  reopen?: ReopenPolicy;
}

/**
 * A file on a web server out of the configured ones; a redirect may lead only to another of them. An answer that breaks
 * off is continued by range at the very byte, if the server says which state of the file it is a range of.
 */
export class HttpsSource implements Source {
  constructor(
    private readonly location: string,
    /** Bytes it should have. */
    private readonly size: number,
    private readonly access: HttpsAccess,
  ) {}

  async open(signal: AbortSignal): Promise<SourceReader> {
    return new StreamReader(this.pieces(signal));
  }

  private async *pieces(signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const { location, size, access } = this;
    let isFirst = true;
    for await (const piece of readOn(new Download(location, size, access), signal, access.reopen)) {
      if (isFirst && looksLikeWebPage(piece)) throw webPage(location);
      isFirst = false;
      yield piece;
    }
  }
}

/** The requests of one reading. */
class Download implements Reopenable {
  private known: Validator | null = null;

  constructor(
    readonly location: string,
    private readonly size: number,
    private readonly access: HttpsAccess,
  ) {}

  async openAt(from: number, signal: AbortSignal): Promise<Opening> {
    const answer = await this.ask(this.headersFor(from), signal);
    try {
      return this.accept(answer, from);
    } catch (error) {
      answer.body.destroy();
      throw error;
    }
  }

  private headersFor(from: number): Record<string, string> {
    const headers = { 'accept-encoding': 'identity' };
    if (from === 0) return headers;
    if (this.known === null) {
      const message = `${this.location} broke off after ${from} bytes, and its server names no version to continue`;
      throw new SourceError('source.not-resumable', message);
    }
    return { ...headers, range: `bytes=${from}-`, 'if-range': this.known.value };
  }

  private accept(answer: HttpAnswer, from: number): Opening {
    const { location, size, known } = this;
    if (from > 0 && known !== null && !isSameFromStart(answer, known)) {
      checkRest(answer, location, from, size, known);
      return { begin: from, size, stream: answer.body };
    }
    checkWhole(answer, location, size);
    this.known = validatorOf(answer);
    return { begin: 0, size, stream: answer.body };
  }

  private async ask(headers: Record<string, string>, signal: AbortSignal): Promise<HttpAnswer> {
    let url = new URL(this.location);
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      this.mustBeAllowed(url);
      const answer = await this.get(url, headers, signal);
      if (!REDIRECTS.has(answer.statusCode)) return answer;
      answer.body.destroy();
      const target = answer.headers['location'];
      if (typeof target !== 'string' || !URL.canParse(target, url.href)) {
        throw new SourceError('source.unusable', `${this.location} redirects to nowhere`);
      }
      url = new URL(target, url.href);
    }
    throw new SourceError('source.unusable', `${this.location} redirects more than ${MOST_REDIRECTS} times`);
  }

  private mustBeAllowed(url: URL): void {
    if (url.protocol === 'https:' && !url.username && !url.password && this.access.hosts.includes(url.host)) return;
    throw new SourceError('source.not-allowed', `${url.protocol}//${url.host} is not a server this archive reads from`);
  }

  private async get(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<HttpAnswer> {
    try {
      const answer = await request(url, { dispatcher: this.access.dispatcher ?? agent, signal, headers });
      // A body that is dropped unread reports that it was: with nobody to hear it, that would end the process.
      answer.body.on('error', () => undefined);
      return answer;
    } catch (cause) {
      throw new SourceError('source.unavailable', `${url.host} does not answer`, { cause });
    }
  }
}
