import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ByteRange, contentRange, rangeLength } from '@almagest/contracts';
import { PreconditionFailedException, ServiceUnavailableException } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DomainError } from '../../errors';
import { type RangeSelection, selectRanges } from './byte-ranges';
import { formatHttpDate } from './http-date';
import { mediaTypeOf } from './media-type';
import { frameRanges } from './multipart-ranges';
import { evaluateConditions, ifRangeMatches, type Validators } from './preconditions';

/** Content of known size and digest, readable from any offset. */
export interface StoredContent {
  fileName: string;
  size: number;
  /** Hexadecimal. */
  sha256: string;
  lastModified: Date;
  /** Reads the bytes of a range, or all of them. */
  read(range: ByteRange | null, signal: AbortSignal): Promise<Readable>;
}

/**
 * Answers GET and HEAD for stored content as RFC 9110 describes: conditions (§13), one range or several (§14), a strong
 * ETag, and the digest of the whole content (RFC 9530) in every answer. The answer is always a download, so that a
 * browser does not render or run delivered files in the archive's origin. Stops reading when the client disconnects.
 */
export async function sendStored(content: StoredContent, request: Request, response: Response): Promise<void> {
  const validators = { etag: `"${content.sha256}"`, lastModified: content.lastModified };
  const verdict = evaluateConditions(request.headers, validators);
  if (verdict === 'failed')
    throw new PreconditionFailedException('The content does not match the conditions of the request');
  if (verdict === 'not-modified') {
    response.status(304).set(validatorFields(validators)).end();
    return;
  }
  const answer = answerFor(rangesOf(request, content, validators), content);
  const disconnected = new AbortController();
  response.on('close', () => disconnected.abort());
  // The object store is opened before any header is sent, so that its failure can still become an error answer.
  const body = request.method === 'HEAD' ? null : await openStored(() => answer.open(disconnected.signal));
  response.attachment(content.fileName);
  response.status(answer.status).set({ ...contentFields(content), ...validatorFields(validators), ...answer.fields });
  // `response.type` would add a charset to text, whose charset is unknown.
  response.setHeader('Content-Type', answer.type);
  if (body === null) {
    response.end();
    return;
  }
  try {
    await pipeline(body, response);
  } catch (error) {
    if (!isDisconnect(error)) throw error;
  }
}

interface Answer {
  status: number;
  type: string;
  fields: Record<string, string>;
  open(signal: AbortSignal): Promise<Readable | AsyncIterable<Buffer | string>>;
}

/** Only GET supports ranges (RFC 9110 §14.2). */
function rangesOf(request: Request, content: StoredContent, validators: Validators): RangeSelection {
  const applies = request.method === 'GET' && ifRangeMatches(request.headers['if-range']?.toString(), validators);
  return selectRanges(applies ? request.headers.range : undefined, content.size);
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
      'Content-Length': String(rangeLength(first)),
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
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; sandbox",
  };
}

/** @throws ServiceUnavailableException when the failure of the store is retryable: a later request may succeed */
async function openStored<T>(open: () => Promise<T>): Promise<T> {
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
  if (!(error instanceof Error)) return false;
  return error.name === 'AbortError' || ('code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE');
}
