import { isSegment } from './object-key';
import { ObjectStoreError } from './object-store.error';

/** S3's limit on the life of a presigned link, seven days in seconds. */
export const MAX_LINK_SECONDS = 7 * 24 * 3600;

/**
 * Refuses a link that lives for ever or carries a file name able to break out of its header.
 * @throws ObjectStoreError `object-store.bad-link`
 */
export function checkLink(seconds: number, fileName: string): void {
  if (!Number.isSafeInteger(seconds) || seconds < 1 || seconds > MAX_LINK_SECONDS) {
    throw new ObjectStoreError('object-store.bad-link', `a link cannot live for ${seconds} seconds`);
  }
  if (!isSegment(fileName)) {
    throw new ObjectStoreError('object-store.bad-link', 'the file name of a link must be like a segment of a key');
  }
}
