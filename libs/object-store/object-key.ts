import { ObjectStoreError } from './object-store.error';

/** S3's limit on a whole key, in bytes. Keys are ASCII, so bytes are characters. */
export const MAX_KEY_LENGTH = 1024;
/** The limit of every common file system on one name, in bytes. */
const MAX_SEGMENT_LENGTH = 255;
/** S3's limit on the lifetime of a presigned link, seven days in seconds. */
export const MAX_LINK_SECONDS = 7 * 24 * 3600;

const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._+=,@-]*$/;
/** The last segment of a prefix may end anywhere, so it may also be empty. */
const PARTIAL_SEGMENT = /^(?:[A-Za-z0-9][A-Za-z0-9._+=,@-]*)?$/;

/**
 * Whether the text is a key: segments of ASCII letters, digits and `._+=,@-`, joined by `/`, each beginning with a
 * letter or digit. So a key has no empty segment, no `..` and no hidden name. The adapters use names that begin with a
 * dot for themselves.
 */
export function isKey(text: string): boolean {
  return text.length <= MAX_KEY_LENGTH && text.split('/').every(isSegment);
}

/**
 * Returns the key if it is valid.
 * @throws ObjectStoreError `object-store.bad-key`
 */
export function checkKey(key: string): string {
  if (!isKey(key)) throw badKey('key', key);
  return key;
}

/**
 * Returns the prefix if a key can begin with it. The empty text is a prefix.
 * @throws ObjectStoreError `object-store.bad-key`
 */
export function checkPrefix(prefix: string): string {
  const segments = prefix.split('/');
  const last = segments.pop() ?? '';
  const good = segments.every(isSegment) && last.length <= MAX_SEGMENT_LENGTH && PARTIAL_SEGMENT.test(last);
  if (!good || prefix.length > MAX_KEY_LENGTH) throw badKey('prefix', prefix);
  return prefix;
}

/** Whether the text is one segment of a key, and so also a file name that is safe on every system. */
export function isSegment(text: string): boolean {
  return text.length <= MAX_SEGMENT_LENGTH && SEGMENT.test(text);
}

/**
 * Checks the lifetime of a presigned link, and that its file name cannot break out of a header.
 * @throws ObjectStoreError `object-store.bad-link`
 */
export function checkLink(seconds: number, fileName: string): void {
  if (!Number.isSafeInteger(seconds) || seconds < 1 || seconds > MAX_LINK_SECONDS) {
    throw new ObjectStoreError(
      'object-store.bad-link',
      `a link cannot be valid for ${seconds} seconds; 1 to ${MAX_LINK_SECONDS} are allowed`,
    );
  }
  if (!isSegment(fileName)) {
    throw new ObjectStoreError('object-store.bad-link', 'the file name of a link must be a valid segment of a key');
  }
}

function badKey(what: string, text: string): ObjectStoreError {
  const shown = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text);
  return new ObjectStoreError('object-store.bad-key', `${shown} is not a valid ${what} of an object`);
}
