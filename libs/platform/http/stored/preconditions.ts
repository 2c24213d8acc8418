import { parseHttpDate } from './http-date';

/** The validators that identify a version of some content. */
export interface Validators {
  /** A strong ETag, with its quotes. */
  readonly etag: string;
  readonly lastModified: Date;
}

/** The conditional headers of a GET or HEAD (RFC 9110 §13.1), as received. */
export interface Conditions {
  readonly 'if-match'?: string;
  readonly 'if-none-match'?: string;
  readonly 'if-modified-since'?: string;
  readonly 'if-unmodified-since'?: string;
}

const ENTITY_TAG = /(W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;

/**
 * Evaluates the conditions of a GET or HEAD in the order of RFC 9110 §13.2.2: `failed` is a 412, `not-modified` a 304.
 * Ignores an invalid date, and a date next to entity tags, which take precedence.
 */
export function evaluateConditions(
  conditions: Conditions,
  validators: Validators,
): 'proceed' | 'not-modified' | 'failed' {
  const ifMatch = conditions['if-match'];
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, validators.etag, 'strong')) return 'failed';
  } else if (isNewerThan(validators.lastModified, conditions['if-unmodified-since']) === true) return 'failed';
  const ifNoneMatch = conditions['if-none-match'];
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, validators.etag, 'weak') ? 'not-modified' : 'proceed';
  return isNewerThan(validators.lastModified, conditions['if-modified-since']) === false ? 'not-modified' : 'proceed';
}

/** Returns true when the client has the content with this ETag: a 304 (RFC 9110 §13.1.2). */
export function ifNoneMatchHas(header: string | undefined, etag: string): boolean {
  return header !== undefined && matches(header, etag, 'weak');
}

/**
 * Returns true when `If-Range` permits the `Range` header (RFC 9110 §13.1.5): it must match the strong ETag or the exact
 * `Last-Modified`. Stored content never changes, so its date is a strong validator too (§8.8.2.2).
 */
export function ifRangeMatches(header: string | undefined, { etag, lastModified }: Validators): boolean {
  if (header === undefined || header === etag) return true;
  return parseHttpDate(header)?.getTime() === wholeSeconds(lastModified);
}

function matches(list: string, etag: string, comparison: 'strong' | 'weak'): boolean {
  if (list.trim() === '*') return true;
  return [...list.matchAll(ENTITY_TAG)].some(
    ([, weak, tag]) => tag === etag && (comparison === 'weak' || weak === undefined),
  );
}

/** Returns null when there is no valid date to compare with. */
function isNewerThan(lastModified: Date, header: string | undefined): boolean | null {
  const date = header === undefined ? null : parseHttpDate(header);
  return date === null ? null : wholeSeconds(lastModified) > date.getTime();
}

function wholeSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1000) * 1000;
}
