import { ObjectStoreError, type ObjectStoreErrorCode } from '../object-store.error';

const BY_ERRNO: Readonly<Record<string, ObjectStoreErrorCode>> = {
  ENOSPC: 'object-store.full',
  EDQUOT: 'object-store.full',
  EACCES: 'object-store.denied',
  EPERM: 'object-store.denied',
  EROFS: 'object-store.denied',
  EFBIG: 'object-store.too-large',
  ENAMETOOLONG: 'object-store.bad-key',
  ELOOP: 'object-store.unusable',
  EEXIST: 'object-store.unusable',
  ENOSYS: 'object-store.unusable',
  ENOTSUP: 'object-store.unusable',
  EOPNOTSUPP: 'object-store.unusable',
  ENOTDIR: 'object-store.conflict',
  EISDIR: 'object-store.conflict',
  EMFILE: 'object-store.unavailable',
  ENFILE: 'object-store.unavailable',
  ENOMEM: 'object-store.unavailable',
  EAGAIN: 'object-store.unavailable',
  EBUSY: 'object-store.unavailable',
  ESTALE: 'object-store.unavailable',
  ETIMEDOUT: 'object-store.unavailable',
};

/**
 * What a failed call to the file system means for the store. Anything else, such as a broken disk (EIO) or a file system
 * that is not mounted (ENOENT), is for the store's operator, after which the call succeeds.
 */
export function fsError(error: unknown, doing: string): ObjectStoreError {
  if (error instanceof ObjectStoreError) return error;
  const errno = errnoOf(error) ?? 'no errno';
  return new ObjectStoreError(BY_ERRNO[errno] ?? 'object-store.failed', `${doing} failed: ${errno}`, { cause: error });
}

/** True when the call failed for one of these reasons. */
export function failedWith(error: unknown, ...errnos: readonly string[]): boolean {
  return errnos.includes(errnoOf(error) ?? '');
}

function errnoOf(error: unknown): string | undefined {
  // Not by `instanceof Error`: a test runner gives each test file an Error class of its own.
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  return isCoded && typeof error.code === 'string' ? error.code : undefined;
}
