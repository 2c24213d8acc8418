import type { z } from 'zod';
import { CliError } from '../cli.error';
import type { ArchiveAddress } from './archive-address';
import { notAnArchive, refusalOf, unreachable } from './refusal';

/** A JSON answer is complete after this time, or the archive counts as unreachable. */
const PATIENCE_MS = 60_000;

/** The longest JSON answer that is read. */
const LONGEST_ANSWER = 64 * 1024 * 1024;

export interface Request {
  method?: 'GET' | 'POST' | 'DELETE';
  path: string;
  query?: Readonly<Record<string, string | number | undefined>>;
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  body?: unknown;
}

/** HTTP to one archive: authenticates, and turns every failure into a CliError. */
export class ArchiveRequests {
  constructor(
    private readonly address: ArchiveAddress,
    /** Its reason is thrown when it is aborted. */
    private readonly signal: AbortSignal,
  ) {}

  /** A JSON answer, checked against the contract it follows. */
  async json<Schema extends z.ZodType>(
    schema: Schema,
    request: Request,
  ): Promise<{ status: number; value: z.infer<Schema> }> {
    const response = await this.send(request, AbortSignal.timeout(PATIENCE_MS));
    const body = await this.bodyOf(response);
    if (!response.ok) throw this.refusal(response, body);
    const parsed = schema.safeParse(body);
    if (!parsed.success) throw notAnArchive(this.address, parsed.error);
    return { status: response.status, value: parsed.data };
  }

  /** A request whose answer says nothing but that it was done. */
  async done(request: Request): Promise<void> {
    const response = await this.send(request, AbortSignal.timeout(PATIENCE_MS));
    const body = await this.bodyOf(response);
    if (!response.ok) throw this.refusal(response, body);
  }

  /** Stored bytes; they are read as fast as the caller takes them. `stop` ends the reading. */
  async download(
    request: Request,
    stop?: AbortSignal,
  ): Promise<{ status: number; headers: Headers; body: AsyncIterable<Uint8Array> }> {
    const response = await this.send(request, stop);
    if (!response.ok) throw this.refusal(response, await this.bodyOf(response));
    return { status: response.status, headers: response.headers, body: this.chunksOf(response) };
  }

  private async send(request: Request, until?: AbortSignal): Promise<Response> {
    const { method = 'GET', path, query = {}, headers = {}, body } = request;
    // What follows the address must not be able to change its host: some paths come from answers.
    if (!path.startsWith('/')) throw notAnArchive(this.address);
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
        body: body === undefined ? null : JSON.stringify(body),
        signal: until === undefined ? this.signal : AbortSignal.any([this.signal, until]),
      });
    } catch (cause) {
      this.signal.throwIfAborted();
      throw unreachable(this.address, cause);
    }
  }

  /** The JSON body; undefined when it is none. */
  private async bodyOf(response: Response): Promise<unknown> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of this.chunksOf(response)) {
      length += chunk.length;
      if (length > LONGEST_ANSWER) throw notAnArchive(this.address);
      chunks.push(chunk);
    }
    try {
      return JSON.parse(Buffer.concat(chunks).toString());
    } catch {
      return undefined;
    }
  }

  private async *chunksOf(response: Response): AsyncGenerator<Uint8Array> {
    if (response.body === null) return;
    try {
      yield* response.body;
    } catch (cause) {
      this.signal.throwIfAborted();
      throw cause instanceof CliError ? cause : unreachable(this.address, cause);
    }
  }

  private refusal(response: Response, body: unknown): CliError {
    const mediaType = response.headers.get('content-type') ?? '';
    return refusalOf(this.address, {
      status: response.status,
      mediaType,
      body,
      location: response.headers.get('location'),
    });
  }
}
