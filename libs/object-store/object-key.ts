import { ObjectStoreError } from './object-store.error';

/** S3's limit on a whole key, in bytes. Keys are ASCII, so bytes are characters. */
export const MAX_KEY_LENGTH = 1024;
/** The limit of every common file system on one name, in bytes. */
const MAX_SEGMENT_LENGTH = 255;

const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._+=,@-]*$/;
/** The last segment of a prefix may be cut anywhere, so it may also be empty. */
const CUT_SEGMENT = /^(?:[A-Za-z0-9][A-Za-z0-9._+=,@-]*)?$/;

/**
 * True when the text is a key: segments of ASCII letters, digits and `._+=,@-` joined by `/`, each beginning with a
 * letter or digit. So there is no empty segment, no `..`, and nothing hidden; names beginning with a dot are the
 * adapters' own.
 */
export function isKey(text: string): boolean {
  return text.length <= MAX_KEY_LENGTH && text.split('/').every(isSegment);
}

/**
 * Lets a key through.
 * @throws ObjectStoreError `object-store.bad-key`
 */
export function checkKey(key: string): string {
  if (!isKey(key)) throw badKey('key', key);
  return key;
}

/**
 * Lets the beginning of keys through: any text a key could begin with, the empty one included.
 * @throws ObjectStoreError `object-store.bad-key`
 */
export function checkPrefix(prefix: string): string {
  const segments = prefix.split('/');
  const last = segments.pop() ?? '';
  const good = segments.every(isSegment) && last.length <= MAX_SEGMENT_LENGTH && CUT_SEGMENT.test(last);
  if (!good || prefix.length > MAX_KEY_LENGTH) throw badKey('prefix', prefix);
  return prefix;
}

/** True when the text is one segment of a key, and so also a file name that is safe everywhere. */
export function isSegment(text: string): boolean {
  return text.length <= MAX_SEGMENT_LENGTH && SEGMENT.test(text);
}

function badKey(what: string, text: string): ObjectStoreError {
  const shown = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text);
  return new ObjectStoreError('object-store.bad-key', `${shown} is not a ${what} of an object`);
}
