import { Agent, request } from 'undici';
import type { Source } from './source';
import { SourceError } from './source.error';

const MOST_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** One agent for all downloads; a source that goes silent for a minute is given up for now. */
const agent = new Agent({ connectTimeout: 10_000, headersTimeout: 60_000, bodyTimeout: 60_000 });

/** A file on a web server out of the configured ones; a redirect may lead only to another of them. */
export class HttpsSource implements Source {
  constructor(
    private readonly location: string,
    /** `host` or `host:port`, as in a URL. */
    private readonly hosts: readonly string[],
  ) {}

  async *open(signal: AbortSignal): AsyncIterable<Uint8Array> {
    let url = new URL(this.location);
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      this.mustBeAllowed(url);
      const response = await this.get(url, signal);
      if (!REDIRECTS.has(response.statusCode)) {
        yield* this.body(response);
        return;
      }
      await response.body.dump();
      const target = response.headers['location'];
      if (typeof target !== 'string' || !URL.canParse(target, url.href)) {
        throw new SourceError('source.unusable', `${this.location} redirects to nowhere`);
      }
      url = new URL(target, url.href);
    }
    throw new SourceError('source.unusable', `${this.location} redirects more than ${MOST_REDIRECTS} times`);
  }

  private mustBeAllowed(url: URL): void {
    if (url.protocol === 'https:' && !url.username && !url.password && this.hosts.includes(url.host)) return;
    throw new SourceError('source.not-allowed', `${url.protocol}//${url.host} is not a server this archive reads from`);
  }

  private async get(url: URL, signal: AbortSignal): Promise<Response> {
    try {
      return await request(url, { dispatcher: agent, signal, headers: { 'accept-encoding': 'identity' } });
    } catch (cause) {
      signal.throwIfAborted();
      throw new SourceError('source.unavailable', `${url.host} does not answer`, { cause });
    }
  }

  private async *body(response: Response): AsyncIterable<Uint8Array> {
    const { statusCode } = response;
    if (statusCode !== 200) {
      await response.body.dump();
      throw new SourceError(codeOf(statusCode), `${this.location} answered with HTTP status ${statusCode}`);
    }
    try {
      yield* response.body as AsyncIterable<Uint8Array>;
    } catch (cause) {
      throw new SourceError('source.unavailable', `${this.location} broke off`, { cause });
    }
  }
}

type Response = Awaited<ReturnType<typeof request>>;

function codeOf(status: number): SourceError['code'] {
  if (status === 404 || status === 410) return 'source.not-found';
  if (status === 401 || status === 403) return 'source.denied';
  return status >= 500 || status === 408 || status === 429 ? 'source.unavailable' : 'source.unusable';
}
