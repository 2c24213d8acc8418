import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ByteRange, contentRange, rangeLength } from '@almagest/contracts';
import { PreconditionFailedException, ServiceUnavailableException } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DomainError } from '../../errors';
import type { DownloadSlots } from '../download-slots';
import { type RangeSelection, selectRanges } from './byte-ranges';
import { formatHttpDate } from './http-date';
import { mediaTypeOf } from './media-type';
import { frameRanges } from './multipart-ranges';
import { evaluateConditions, ifRangeMatches, type Validators } from './preconditions';
import { verified } from './verified';

/** Headers of a download: no browser runs or renders it in the archive's origin, whatever it contains. */
export const INERT = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; sandbox",
};

/** Content of known size and digest, readable from any offset. */
export interface StoredContent {
  fileName: string;
  /** Unless the file name says it. */
  mediaType?: string;
  size: number;
  /** Hexadecimal. */
  sha256: string;
  lastModified: Date;
  /** Reads the bytes of a range, or all of them. */
  read(range: ByteRange | null, signal: AbortSignal): Promise<Readable>;
  /** Fails as `read` does when the bytes are not there, without reading them. */
  check(): Promise<void>;
}

/**
 * Answers GET and HEAD for stored content as RFC 9110 describes: conditions (§13), one range or several (§14), a strong
 * ETag, and the digest of the whole content (RFC 9530) in every answer. The answer is always a download, so that a
 * browser does not render or run delivered files in the archive's origin. Stops reading when the client disconnects.
 *
 * Compares the bytes with their digest when all of them are sent. If they differ, it closes the connection before the
 * last piece, so that no client takes them for the content. A part of the content cannot be compared: its client has the
 * digest of the whole.
 * @param slots limit how many answers are sent at the same time
 * @throws DomainError `http.too-many-downloads`, `http.content-damaged`, `http.range-unsatisfiable`
 */
export async function sendStored(
  content: StoredContent,
  request: Request,
  response: Response,
  slots: DownloadSlots,
): Promise<void> {
  const validators = { etag: `"${content.sha256}"`, lastModified: content.lastModified };
  const verdict = evaluateConditions(request.headers, validators);
  if (verdict === 'failed')
    throw new PreconditionFailedException('The content does not match the conditions of the request');
  if (verdict === 'not-modified') {
    response.status(304).set(validatorFields(validators)).end();
    return;
  }
  const answer = answerFor(rangesOf(request, content, validators), content);
  const setHeaders = (): void => {
    response.attachment(content.fileName);
    response.status(answer.status).set({ ...contentFields(content), ...validatorFields(validators), ...answer.fields });
    // `response.type` would add a charset to text, whose charset is unknown.
    response.setHeader('Content-Type', answer.type);
  };
  if (request.method === 'HEAD') {
    await openStored(() => content.check());
    setHeaders();
    response.end();
    return;
  }
  // A client that has left already gets no slot: nothing would free it.
  if (response.destroyed) return;
  try {
    const body = await begin(answer, request, response, slots);
    setHeaders();
    await pipeline(body, response);
  } catch (error) {
    if (!isDisconnect(error)) throw error;
  }
}

/**
 * Opens the content and reads its first piece before any header is sent, so that a failure of the object store can still
 * become an error answer.
 */
async function begin(
  answer: Answer,
  request: Request,
  response: Response,
  slots: DownloadSlots,
): Promise<AsyncIterable<Buffer | string>> {
  const release = slots.take(request);
  const disconnected = new AbortController();
  response.on('close', () => {
    disconnected.abort();
    release();
  });
  return openStored(async () => {
    const body = (await answer.open(disconnected.signal)) as AsyncIterable<Buffer | string>;
    // Only text between several ranges is not a buffer, and they are not the whole content.
    return withFirst(answer.sha256 === null ? body : verified(body as AsyncIterable<Buffer>, answer.sha256));
  });
}

/** Reads the first piece at once, and the others on demand. */
async function withFirst<T>(pieces: AsyncIterable<T>): Promise<AsyncIterable<T>> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first = await iterator.next();
  return (async function* () {
    try {
      for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  })();
}

interface Answer {
  status: number;
  type: string;
  fields: Record<string, string>;
  /** The digest of what is sent, if it is the whole content. */
  sha256: string | null;
  open(signal: AbortSignal): Promise<Readable | AsyncIterable<Buffer | string>>;
}

/** Only GET supports ranges (RFC 9110 §14.2). */
function rangesOf(request: Request, content: StoredContent, validators: Validators): RangeSelection {
  const applies = request.method === 'GET' && ifRangeMatches(request.headers['if-range']?.toString(), validators);
  return selectRanges(applies ? request.headers.range : undefined, content.size);
}

/** @throws DomainError `http.range-unsatisfiable` */
function answerFor(selection: RangeSelection, content: StoredContent): Answer {
  const type = content.mediaType ?? mediaTypeOf(content.fileName);
  if (selection.kind === 'refused') {
    throw new DomainError('range-not-satisfiable', 'http.range-unsatisfiable', selection.reason, {
      headers: { 'Content-Range': `bytes */${content.size}` },
    });
  }
  const ranges = selection.kind === 'whole' ? [] : selection.ranges;
  const [first, second] = ranges;
  if (first === undefined) {
    const fields = { 'Content-Length': String(content.size) };
    return { status: 200, type, fields, sha256: content.sha256, open: (signal) => content.read(null, signal) };
  }
  if (second === undefined) {
    const fields = {
      'Content-Length': String(rangeLength(first)),
      'Content-Range': contentRange(first, content.size),
    };
    const sha256 = rangeLength(first) === content.size ? content.sha256 : null;
    return { status: 206, type, fields, sha256, open: (signal) => content.read(first, signal) };
  }
  return multipart(ranges, first, content, type);
}

function multipart(ranges: readonly ByteRange[], first: ByteRange, content: StoredContent, type: string): Answer {
  const frame = frameRanges(ranges, { type, size: content.size }, randomBytes(16).toString('hex'));
  return {
    status: 206,
    type: frame.contentType,
    fields: { 'Content-Length': String(frame.length) },
    sha256: null,
    open: async (signal) => {
      const start = await content.read(first, signal);
      return (async function* (): AsyncGenerator<Buffer | string> {
        for (const [index, range] of ranges.entries()) {
          yield frame.heads[index] ?? '';
          yield* (range === first ? start : await content.read(range, signal)) as AsyncIterable<Buffer>;
        }
        yield frame.tail;
      })();
    },
  };
}

/** The headers that a 304 must repeat (RFC 9110 §15.4.5). */
function validatorFields({ etag, lastModified }: Validators): Record<string, string> {
  return { ETag: etag, 'Last-Modified': formatHttpDate(lastModified), 'Cache-Control': 'private, no-cache' };
}

function contentFields({ sha256 }: StoredContent): Record<string, string> {
  const digest = Buffer.from(sha256, 'hex').toString('base64');
  return {
    'Accept-Ranges': 'bytes',
    'Repr-Digest': `sha-256=:${digest}:`,
    Digest: `sha-256=${digest}`,
    ...INERT,
  };
}

/**
 * Opens stored content.
 * @throws ServiceUnavailableException when the failure of the store is retryable: a later request may succeed
 */
export async function openStored<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (cause) {
    if (!isMarkedRetryable(cause)) throw cause;
    throw new ServiceUnavailableException('The object store is temporarily unavailable; try again later', { cause });
  }
}

function isMarkedRetryable(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === true;
}

/** Returns true when the client disconnected, which is not a failure of the archive. */
function isDisconnect(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { name, code } = error as { name?: unknown; code?: unknown };
  return name === 'AbortError' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}
