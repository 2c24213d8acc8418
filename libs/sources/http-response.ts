import type { Readable } from 'node:stream';
import { type Dispatcher, request } from 'undici';
import { SourceError } from './source.error';

/** A response of a server. Header names are in lower case. */
export interface HttpResponse {
  statusCode: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Readable;
}

/**
 * Sends a GET request.
 * @throws SourceError `source.unavailable` when there is no response
 */
export async function get(
  url: URL,
  options: { dispatcher: Dispatcher; signal: AbortSignal; headers?: Record<string, string> },
): Promise<HttpResponse> {
  try {
    const response = await request(url, options);
    // Destroying an unread body emits an error, which would end the process if nothing listened.
    response.body.on('error', () => undefined);
    return response;
  } catch (cause) {
    throw new SourceError('source.unavailable', `${url.host} does not respond`, { cause });
  }
}

/** Identifies a version of a file on a server: the same value means the same bytes. */
export interface Validator {
  /** A strong ETag, or the modification time where there is none. */
  readonly value: string;
  readonly header: 'etag' | 'last-modified';
}

/**
 * Returns the validator of a response; null when it has none. A weak ETag does not guarantee the same bytes, and a
 * modification time does so only if it is at least a second before the date of the response (RFC 9110, 8.8.2.2).
 */
export function validatorOf({ headers }: HttpResponse): Validator | null {
  const etag = text(headers['etag']);
  if (etag !== null && /^"[\x21\x23-\x7e]*"$/.test(etag)) return { value: etag, header: 'etag' };
  const changed = text(headers['last-modified']);
  const age = Date.parse(text(headers['date']) ?? '') - Date.parse(changed ?? '');
  return changed !== null && age >= 1_000 ? { value: changed, header: 'last-modified' } : null;
}

/** Returns the content length of a response; null when it has none. */
export function lengthOf({ headers }: HttpResponse): number | null {
  const length = text(headers['content-length']);
  return length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null;
}

/**
 * Checks that the response has a whole file of `size` bytes; null when its length is not known.
 * @throws SourceError
 */
export function checkWhole(response: HttpResponse, location: string, size: number | null): void {
  const { statusCode, headers } = response;
  if (statusCode !== 200) throw refusal(statusCode, location);
  if (/^(?:text\/html|application\/xhtml\+xml)\b/i.test(text(headers['content-type']) ?? '')) throw webPage(location);
  const coding = text(headers['content-encoding']) ?? 'identity';
  if (coding !== 'identity') {
    throw new SourceError('source.unusable', `${location} has the encoding ${coding}, which was not requested`);
  }
  const length = lengthOf(response);
  if (size === null || length === null || length === size) return;
  throw new SourceError('source.other-length', `${location} does not have the posted size`, {
    expected: `${size} bytes`,
    found: `${length} bytes, according to its server`,
  });
}

/**
 * Checks that the response has exactly the bytes from `from` on.
 * @throws SourceError
 */
export function checkRemainder(
  response: HttpResponse,
  location: string,
  from: number,
  size: number,
  known: Validator,
): void {
  const { statusCode, headers } = response;
  if (statusCode >= 400 && statusCode !== 416) throw refusal(statusCode, location);
  const range = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(text(headers['content-range']) ?? '');
  const isRemainder =
    statusCode === 206 &&
    (text(headers[known.header]) ?? known.value) === known.value &&
    Number(range?.[1]) === from &&
    (range?.[3] === '*' || Number(range?.[3]) === size);
  if (!isRemainder) throw changed(location, from, `${statusCode} ${text(headers['content-range']) ?? ''}`.trim());
}

/** Whether the response begins at the first byte again, and is certainly of the same file. */
export function isSameFromStart(response: HttpResponse, known: Validator): boolean {
  const validator = validatorOf(response);
  return response.statusCode === 200 && validator?.header === known.header && validator.value === known.value;
}

/** Whether the bytes begin like a web page, whatever their content type is. */
export function looksLikeWebPage(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 256)).toString('latin1').trimStart().toLowerCase();
  return head.startsWith('<!doctype html') || head.startsWith('<html');
}

/** Returns the error for a web page that was sent instead of a file, with status 200. */
export function webPage(location: string): SourceError {
  return new SourceError(
    'source.web-page',
    `${location} returns a web page instead of a file; a session may have expired there`,
    {
      expected: 'a tar file',
      found: 'an HTML page with status 200',
    },
  );
}

/** Returns the error for a response other than success. */
function refusal(status: number, location: string): SourceError {
  return new SourceError(codeOf(status), `${location} returned HTTP status ${status}`);
}

function changed(location: string, from: number, found: string): SourceError {
  return new SourceError('source.changed', `${location} has changed since the download began`, {
    expected: `the same file from byte ${from} on`,
    found: `a response ${found}`,
  });
}

function codeOf(status: number): SourceError['code'] {
  if (status === 404 || status === 410) return 'source.not-found';
  if (status === 401 || status === 403) return 'source.denied';
  return status >= 500 || status === 408 || status === 429 ? 'source.unavailable' : 'source.unusable';
}

function text(value: string | string[] | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
