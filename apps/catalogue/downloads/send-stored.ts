import { pipeline } from 'node:stream/promises';
import { DomainError } from '@almagest/platform';
import type { Request, Response } from 'express';
import type { StoredContent } from './downloads.service';

/**
 * Answers GET and HEAD for stored bytes: one range (RFC 9110 §14), `If-Range`, `If-None-Match`, a strong ETag and the
 * digest of the whole (RFC 9530). The stream is aborted when the client goes away.
 */
export async function sendStored(content: StoredContent, request: Request, response: Response): Promise<void> {
  const etag = `"${content.sha256}"`;
  const digest = Buffer.from(content.sha256, 'hex').toString('base64');
  response.attachment(content.fileName);
  response.set({
    'Accept-Ranges': 'bytes',
    ETag: etag,
    'Repr-Digest': `sha-256=:${digest}:`,
    Digest: `sha-256=${digest}`,
    'Cache-Control': 'private, no-cache',
    'X-Content-Type-Options': 'nosniff',
  });
  if (request.headers['if-none-match']?.split(/\s*,\s*/).includes(etag)) {
    response.status(304).end();
    return;
  }
  const range = rangeOf(request, content.size, etag);
  const length = range === null ? content.size : range.end - range.start + 1;
  response.status(range === null ? 200 : 206).set('Content-Length', String(length));
  if (range !== null) response.set('Content-Range', `bytes ${range.start}-${range.end}/${content.size}`);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  try {
    await pipeline(await content.read(range, gone.signal), response);
  } catch (error) {
    // A client that went away is no failure of ours.
    if (!gone.signal.aborted || !response.destroyed) throw error;
  }
}

/**
 * The one range asked for; null for the whole. A header that is malformed, asks for several ranges, or is bound to
 * another ETag is ignored, as RFC 9110 allows.
 * @throws DomainError `catalogue.range-unsatisfiable`
 */
function rangeOf(request: Request, size: number, etag: string): { start: number; end: number } | null {
  const ifRange = request.headers['if-range'];
  if (typeof ifRange === 'string' && ifRange !== etag) return null;
  const ranges = request.range(size);
  if (ranges === -1) {
    throw new DomainError('range-not-satisfiable', 'catalogue.range-unsatisfiable', `The content has ${size} bytes`, {
      headers: { 'Content-Range': `bytes */${size}` },
    });
  }
  if (ranges === undefined || ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return null;
  return ranges[0] ?? null;
}
