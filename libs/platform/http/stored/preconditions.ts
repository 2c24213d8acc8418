import { parseHttpDate } from './http-date';

/** What tells one state of a content from another. */
export interface Validators {
  /** Strong, with its quotes. */
  readonly etag: string;
  readonly lastModified: Date;
}

/** The conditional headers of a GET or HEAD (RFC 9110 §13.1), as they came. */
export interface Conditions {
  readonly 'if-match'?: string;
  readonly 'if-none-match'?: string;
  readonly 'if-modified-since'?: string;
  readonly 'if-unmodified-since'?: string;
}

const ENTITY_TAG = /(W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;

/**
 * Weighs the conditions of a GET or HEAD in the order of RFC 9110 §13.2.2: `failed` is a 412, `not-modified` a 304. A
 * date that is none, or stands beside the entity tags that go before it, counts for nothing.
 */
export function weigh(conditions: Conditions, validators: Validators): 'proceed' | 'not-modified' | 'failed' {
  const ifMatch = conditions['if-match'];
  if (ifMatch !== undefined) {
    if (!names(ifMatch, validators.etag, 'strong')) return 'failed';
  } else if (isNewerThan(validators.lastModified, conditions['if-unmodified-since']) === true) return 'failed';
  const ifNoneMatch = conditions['if-none-match'];
  if (ifNoneMatch !== undefined) return names(ifNoneMatch, validators.etag, 'weak') ? 'not-modified' : 'proceed';
  return isNewerThan(validators.lastModified, conditions['if-modified-since']) === false ? 'not-modified' : 'proceed';
}

/**
 * Whether `If-Range` lets the `Range` header count (RFC 9110 §13.1.5): it must name this very state, by the strong ETag
 * or by the exact `Last-Modified`. Stored content never changes, so its date is a strong validator too (§8.8.2.2).
 */
export function ifRangeHolds(header: string | undefined, { etag, lastModified }: Validators): boolean {
  if (header === undefined || header === etag) return true;
  return parseHttpDate(header)?.getTime() === wholeSeconds(lastModified);
}

function names(list: string, etag: string, comparison: 'strong' | 'weak'): boolean {
  if (list.trim() === '*') return true;
  return [...list.matchAll(ENTITY_TAG)].some(
    ([, weak, tag]) => tag === etag && (comparison === 'weak' || weak === undefined),
  );
}

/** Null when there is no date to compare with. */
function isNewerThan(lastModified: Date, header: string | undefined): boolean | null {
  const date = header === undefined ? null : parseHttpDate(header);
  return date === null ? null : wholeSeconds(lastModified) > date.getTime();
}

function wholeSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1000) * 1000;
}
