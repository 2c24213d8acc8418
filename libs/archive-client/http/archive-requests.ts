import { type Problem, problemSchema } from '@almagest/contracts';
import type { z } from 'zod';
import { ArchiveClientError, systemCodeOf } from '../archive-client.error';
import { queryStatusIn } from './query-status';

/** Milliseconds until a JSON answer must be complete; after that the archive counts as unreachable. */
const JSON_TIMEOUT_MS = 60_000;

/** Bytes of the longest JSON answer that is read. */
const LONGEST_ANSWER = 64 * 1024 * 1024;

/** Bytes of the longest refusal that is read. It may list every fault of a QA2 result. */
const LONGEST_REFUSAL = 4 * 1024 * 1024;

/** Statuses of a proxy or a service that is temporarily unavailable. */
const UNAVAILABLE = new Set([502, 503, 504]);

/** Where an archive is, and the token that is sent to it. */
export interface ArchiveAddress {
  /** The base URL, without a slash at the end. */
  url: string;
  /** A service token, an access token or the token of a mail's link; null sends none. */
  token: string | null;
  /** How error messages name the archive; `the archive at URL` by default. */
  name?: string;
  /** Advice for the user, passed on in `detail.hints` of these errors. */
  hints?: {
    /** When nothing answers. */
    unreachable?: readonly string[];
    /** When the archive answers 401. */
    unauthorised?: readonly string[];
  };
}

export interface Request {
  method?: 'GET' | 'POST' | 'DELETE';
  /** Path below the base URL; begins with `/`. */
  path: string;
  query?: Readonly<Record<string, string | number | undefined>>;
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as a form, instead of a body. */
  form?: Readonly<Record<string, string>>;
}

/** An answer whose body is streamed: reading it at the caller's pace limits the download to that pace. */
export interface Download {
  status: number;
  headers: Headers;
  /** Read it once, or call `abandon`. */
  body: AsyncIterable<Uint8Array>;
  /** Frees the connection of a body that nobody reads. */
  abandon: () => void;
}

/** HTTP to one archive: authenticates, and turns every failure into an ArchiveClientError. */
export class ArchiveRequests {
  /** @param signal aborts every request; its reason is thrown */
  constructor(
    private readonly address: ArchiveAddress,
    private readonly signal: AbortSignal,
  ) {}

  /** Sends a request and returns its JSON answer, validated by `schema`. */
  async json<Schema extends z.ZodType>(
    schema: Schema,
    request: Request,
  ): Promise<{ status: number; value: z.infer<Schema> }> {
    const { response, body } = await this.answerTo(request);
    const parsed = schema.safeParse(body);
    if (!parsed.success) throw this.notAnArchive(parsed.error);
    return { status: response.status, value: parsed.data };
  }

  /** Sends a request whose answer has no content that matters. */
  async execute(request: Request): Promise<void> {
    await this.answerTo(request);
  }

  /** Sends a request for stored bytes. `stop` aborts it, also while the body is read; its reason is thrown. */
  async download(request: Request, stop: AbortSignal = new AbortController().signal): Promise<Download> {
    const response = await this.send(request, stop);
    if (!response.ok) {
      // Downloads have no time limit; the reason of a refusal has.
      const soon = AbortSignal.any([stop, AbortSignal.timeout(JSON_TIMEOUT_MS)]);
      throw this.refusal(response, await this.textOf(response, soon, LONGEST_REFUSAL));
    }
    return {
      status: response.status,
      headers: response.headers,
      body: this.chunksOf(response, stop),
      abandon: () => void response.body?.cancel().catch(() => undefined),
    };
  }

  private async answerTo(request: Request): Promise<{ response: Response; body: unknown }> {
    const timeout = AbortSignal.timeout(JSON_TIMEOUT_MS);
    const response = await this.send(request, timeout);
    const body = await this.textOf(response, timeout, response.ok ? LONGEST_ANSWER : LONGEST_REFUSAL);
    if (!response.ok) throw this.refusal(response, body);
    return { response, body: jsonIn(body) };
  }

  private async send(request: Request, stop: AbortSignal): Promise<Response> {
    const { method = 'GET', path, query = {}, headers = {}, body, form } = request;
    // Some paths come from answers: they must not be able to change the host.
    if (!path.startsWith('/')) throw this.notAnArchive();
    const url = new URL(this.address.url + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    try {
      return await fetch(url, {
        method,
        redirect: 'manual',
        headers: {
          ...headers,
          ...(this.address.token === null ? {} : { authorization: `Bearer ${this.address.token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: form === undefined ? (body === undefined ? null : JSON.stringify(body)) : new URLSearchParams(form),
        signal: AbortSignal.any([this.signal, stop]),
      });
    } catch (cause) {
      this.throwIfAborted(stop);
      throw this.unreachable(cause);
    }
  }

  private async textOf(response: Response, stop: AbortSignal, longest: number): Promise<string> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of this.chunksOf(response, stop)) {
      length += chunk.length;
      if (length > longest) throw this.notAnArchive();
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString();
  }

  /**
   * Reads a body. A body that is aborted once all of it has arrived but not all of it is read neither fails nor ends in
   * Node's `fetch`: reading it would wait forever. So the abort cancels the reader, which ends a read that is pending.
   */
  private async *chunksOf(response: Response, stop: AbortSignal): AsyncGenerator<Uint8Array> {
    if (response.body === null) return;
    const reader = response.body.getReader();
    const cancel = (): void => void reader.cancel().catch(() => undefined);
    const aborted = AbortSignal.any([this.signal, stop]);
    aborted.addEventListener('abort', cancel);
    try {
      for (;;) {
        const chunk = await this.nextChunk(reader, stop);
        if (chunk === undefined) return;
        yield chunk;
      }
    } finally {
      aborted.removeEventListener('abort', cancel);
      cancel();
    }
  }

  /** Reads a chunk; returns undefined at the end. */
  private async nextChunk(
    reader: ReadableStreamDefaultReader<Uint8Array>,
    stop: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    const { value } = await reader.read().catch((cause: unknown) => {
      this.throwIfAborted(stop);
      throw this.unreachable(cause);
    });
    this.throwIfAborted(stop);
    return value;
  }

  /** Throws when a request was aborted: the reason of its signal, or `unreachable` after a time-out. */
  private throwIfAborted(stop: AbortSignal): void {
    this.signal.throwIfAborted();
    if (isTimeout(stop.reason)) throw this.unreachable(stop.reason);
    stop.throwIfAborted();
  }

  /** Translates an answer that is not a success. */
  private refusal({ status, headers }: Response, body: string): ArchiveClientError {
    const { url } = this.address;
    if (status >= 300 && status < 400) {
      const message = `${url} redirects to ${headers.get('location') ?? 'another place'}: use that URL`;
      return new ArchiveClientError('archive-client.not-an-archive', message);
    }
    if (UNAVAILABLE.has(status)) {
      const message = `the archive at ${url} is temporarily unavailable (HTTP ${status})`;
      return new ArchiveClientError('archive-client.unreachable', message);
    }
    const type = headers.get('content-type') ?? '';
    const queryError = type.startsWith('application/x-votable+xml') ? queryStatusIn(body) : null;
    if (queryError?.status === 'ERROR') {
      const code = status >= 500 ? 'archive-client.failed' : 'archive-client.refused';
      return new ArchiveClientError(code, queryError.message);
    }
    const problem = problemSchema.safeParse(jsonIn(body));
    const isProblem = type.startsWith('application/problem+json');
    return isProblem && problem.success ? this.refused(problem.data) : this.notAnArchive();
  }

  private refused({
    status,
    code,
    title,
    detail,
    violations,
    differences,
    differingValues,
  }: Problem): ArchiveClientError {
    return new ArchiveClientError(status >= 500 ? 'archive-client.failed' : 'archive-client.refused', detail ?? title, {
      ...(code === undefined ? {} : { problem: code }),
      ...(violations === undefined ? {} : { violations }),
      ...(differences === undefined ? {} : { differences }),
      ...(differingValues === undefined ? {} : { differingValues }),
      hints: status === 401 ? (this.address.hints?.unauthorised ?? []) : [],
    });
  }

  private notAnArchive(cause?: unknown): ArchiveClientError {
    const message = `the server at ${this.address.url} is not this archive`;
    return new ArchiveClientError('archive-client.not-an-archive', message, { cause });
  }

  private unreachable(cause: unknown): ArchiveClientError {
    const { url, name = `the archive at ${url}`, hints } = this.address;
    return new ArchiveClientError('archive-client.unreachable', `${name} does not answer: ${reasonOf(cause)}`, {
      cause,
      hints: hints?.unreachable ?? [],
    });
  }
}

/** Returns the JSON in a text; undefined when it is not JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const REASONS: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke',
  ENOTFOUND: 'the host is unknown',
  EAI_AGAIN: 'the host name cannot be resolved now',
  UND_ERR_SOCKET: 'the connection broke',
};

/** Returns the reason of a failed `fetch`, which is in its causes, in a few words. */
function reasonOf(cause: unknown): string {
  if (isTimeout(cause)) return 'no answer in time';
  const inner = cause instanceof TypeError && cause.cause !== undefined ? cause.cause : cause;
  const code = systemCodeOf(inner);
  return REASONS[code] ?? ((inner instanceof Error ? inner.message : String(inner)) || code);
}

function isTimeout(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === 'TimeoutError';
}
