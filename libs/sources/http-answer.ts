import type { Readable } from 'node:stream';
import { SourceError } from './source.error';

/** What a server said before the bytes. Header names in lower case. */
export interface HttpAnswer {
  statusCode: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Readable;
}

/** What names one state of a file on a server: the same name, the same bytes. */
export interface Validator {
  /** A strong ETag, or the time of the last change where there is none. */
  readonly value: string;
  readonly header: 'etag' | 'last-modified';
}

/**
 * The validator of an answer; null when a later answer could not be told from one of another file. An ETag that is weak
 * says nothing about bytes, and a time of change only if it was over when the answer was given (RFC 9110, 8.8.2.2).
 */
export function validatorOf({ headers }: HttpAnswer): Validator | null {
  const etag = text(headers['etag']);
  if (etag !== null && /^"[\x21\x23-\x7e]*"$/.test(etag)) return { value: etag, header: 'etag' };
  const changed = text(headers['last-modified']);
  const age = Date.parse(text(headers['date']) ?? '') - Date.parse(changed ?? '');
  return changed !== null && age >= 1_000 ? { value: changed, header: 'last-modified' } : null;
}

/** The bytes of the answer's body, as its length says; null when it does not. */
export function lengthOf({ headers }: HttpAnswer): number | null {
  const length = text(headers['content-length']);
  return length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null;
}

/**
 * Lets the answer through that brings a whole file of `size` bytes.
 * @throws SourceError
 */
export function checkWhole(answer: HttpAnswer, location: string, size: number): void {
  const { statusCode, headers } = answer;
  if (statusCode !== 200) throw refusal(statusCode, location);
  if (/^(?:text\/html|application\/xhtml\+xml)\b/i.test(text(headers['content-type']) ?? '')) throw webPage(location);
  const coding = text(headers['content-encoding']) ?? 'identity';
  if (coding !== 'identity') {
    throw new SourceError('source.unusable', `${location} comes encoded as ${coding}, though that was not asked for`);
  }
  const length = lengthOf(answer);
  if (length === null || length === size) return;
  throw new SourceError('source.other-length', `${location} has not the size that was posted`, {
    expected: `${size} bytes`,
    found: `a server that announces ${length}`,
  });
}

/**
 * Lets the answer through that brings exactly the bytes from `from` on.
 * @throws SourceError
 */
export function checkRest(answer: HttpAnswer, location: string, from: number, size: number, known: Validator): void {
  const { statusCode, headers } = answer;
  if (statusCode >= 400 && statusCode !== 416) throw refusal(statusCode, location);
  const range = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(text(headers['content-range']) ?? '');
  const isRest =
    statusCode === 206 &&
    (text(headers[known.header]) ?? known.value) === known.value &&
    Number(range?.[1]) === from &&
    (range?.[3] === '*' || Number(range?.[3]) === size);
  if (!isRest) throw changed(location, from, `${statusCode} ${text(headers['content-range']) ?? ''}`.trim());
}

/** True for an answer that begins at the first byte again, and is of the same file for certain. */
export function isSameFromStart(answer: HttpAnswer, known: Validator): boolean {
  const validator = validatorOf(answer);
  return answer.statusCode === 200 && validator?.header === known.header && validator.value === known.value;
}

/** Bytes that begin as a web page does, whatever the server calls them. */
export function looksLikeWebPage(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 256)).toString('latin1').trimStart().toLowerCase();
  return head.startsWith('<!doctype html') || head.startsWith('<html');
}

/** The error for a page that was sent in place of a file, with status 200. */
export function webPage(location: string): SourceError {
  return new SourceError('source.web-page', `${location} answers with a web page; has a session expired there?`, {
    expected: 'a tar file',
    found: 'an HTML page with status 200',
  });
}

/** The error for an answer other than success. */
function refusal(status: number, location: string): SourceError {
  return new SourceError(codeOf(status), `${location} answered with HTTP status ${status}`);
}

function changed(location: string, from: number, found: string): SourceError {
  return new SourceError('source.changed', `${location} is no longer the file that was begun`, {
    expected: `the same file from byte ${from} on`,
    found: `an answer ${found}`,
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
