import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PreconditionFailedException, ServiceUnavailableException } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DomainError } from '../../errors';
import { type ByteRange, type RangeSelection, selectRanges } from './byte-ranges';
import { formatHttpDate } from './http-date';
import { mediaTypeOf } from './media-type';
import { contentRange, frameRanges } from './multipart-ranges';
import { ifRangeHolds, type Validators, weigh } from './preconditions';

/** Something of known size and digest whose bytes can be read from any place. */
export interface StoredContent {
  fileName: string;
  size: number;
  /** Hexadecimal. */
  sha256: string;
  lastModified: Date;
  /** The bytes of a range, or all of them. */
  read(range: ByteRange | null, signal: AbortSignal): Promise<Readable>;
}

/**
 * Answers GET and HEAD for stored bytes as RFC 9110 describes: conditions (§13), one range or several (§14), a strong
 * ETag, and the digest of the whole (RFC 9530) in every answer. Always a download: nothing that was delivered is
 * rendered or run in the archive's name. The reading ends when the client goes away.
 */
export async function sendStored(content: StoredContent, request: Request, response: Response): Promise<void> {
  const validators = { etag: `"${content.sha256}"`, lastModified: content.lastModified };
  const verdict = weigh(request.headers, validators);
  if (verdict === 'failed') throw new PreconditionFailedException('The content is not the one the request speaks of');
  if (verdict === 'not-modified') {
    response.status(304).set(validatorFields(validators)).end();
    return;
  }
  const answer = answerFor(rangesOf(request, content, validators), content);
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  // The store is asked before anything is said, so that its refusal can still become an error answer.
  const body = request.method === 'HEAD' ? null : await opened(() => answer.open(gone.signal));
  response.attachment(content.fileName);
  response.status(answer.status).set({ ...contentFields(content), ...validatorFields(validators), ...answer.fields });
  // Express would add a charset to the type of a text, and nobody knows which one it has.
  response.setHeader('Content-Type', answer.type);
  if (body === null) {
    response.end();
    return;
  }
  try {
    await pipeline(body, response);
  } catch (error) {
    if (!isDeparture(error)) throw error;
  }
}

interface Answer {
  status: number;
  type: string;
  fields: Record<string, string>;
  open(signal: AbortSignal): Promise<Readable | AsyncIterable<Buffer | string>>;
}

/** GET is the only method that has ranges (RFC 9110 §14.2). */
function rangesOf(request: Request, content: StoredContent, validators: Validators): RangeSelection {
  const counts = request.method === 'GET' && ifRangeHolds(request.headers['if-range']?.toString(), validators);
  return selectRanges(counts ? request.headers.range : undefined, content.size);
}

/** @throws DomainError `http.range-unsatisfiable` */
function answerFor(selection: RangeSelection, content: StoredContent): Answer {
  const type = mediaTypeOf(content.fileName);
  if (selection.kind === 'refused') {
    throw new DomainError('range-not-satisfiable', 'http.range-unsatisfiable', selection.reason, {
      headers: { 'Content-Range': `bytes */${content.size}` },
    });
  }
  const ranges = selection.kind === 'whole' ? [] : selection.ranges;
  const [first, second] = ranges;
  if (first === undefined) {
    const fields = { 'Content-Length': String(content.size) };
    return { status: 200, type, fields, open: (signal) => content.read(null, signal) };
  }
  if (second === undefined) {
    const fields = {
      'Content-Length': String(first.end - first.start + 1),
      'Content-Range': contentRange(first, content.size),
    };
    return { status: 206, type, fields, open: (signal) => content.read(first, signal) };
  }
  return multipart(ranges, first, content, type);
}

function multipart(ranges: readonly ByteRange[], first: ByteRange, content: StoredContent, type: string): Answer {
  const frame = frameRanges(ranges, { type, size: content.size }, randomBytes(16).toString('hex'));
  return {
    status: 206,
    type: frame.contentType,
    fields: { 'Content-Length': String(frame.length) },
    open: async (signal) => {
      const beginning = await content.read(first, signal);
      return (async function* (): AsyncGenerator<Buffer | string> {
        for (const [index, range] of ranges.entries()) {
          yield frame.heads[index] ?? '';
          yield* (range === first ? beginning : await content.read(range, signal)) as AsyncIterable<Buffer>;
        }
        yield frame.tail;
      })();
    },
  };
}

/** What a 304 must repeat (RFC 9110 §15.4.5). */
function validatorFields({ etag, lastModified }: Validators): Record<string, string> {
  return { ETag: etag, 'Last-Modified': formatHttpDate(lastModified), 'Cache-Control': 'private, no-cache' };
}

function contentFields({ sha256 }: StoredContent): Record<string, string> {
  const digest = Buffer.from(sha256, 'hex').toString('base64');
  return {
    'Accept-Ranges': 'bytes',
    'Repr-Digest': `sha-256=:${digest}:`,
    Digest: `sha-256=${digest}`,
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; sandbox",
  };
}

/** @throws ServiceUnavailableException when the store's trouble will pass: the same request may succeed then */
async function opened<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (cause) {
    if (!saysRetryable(cause)) throw cause;
    throw new ServiceUnavailableException('The object store cannot be read now; try again', { cause });
  }
}

function saysRetryable(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === true;
}

/** A client that went away is no failure of ours. */
function isDeparture(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'AbortError' || ('code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE');
}
