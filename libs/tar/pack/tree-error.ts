import { TarError } from '../tar.error';

/** Errors that say the thing is not there, not allowed or not of its kind; others (EIO, EMFILE, ESTALE) may pass. */
const LASTING = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG', 'EISDIR']);
/** Errors that say a file met earlier has gone or become something else. */
const VANISHED = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR', 'ENXIO']);

/** A tree, or a file of it, that cannot be read. */
export function unreadableError(path: string, cause: unknown): TarError {
  const code = errorCode(cause);
  return new TarError('tar.tree-unreadable', {
    path,
    expected: 'a readable file or directory',
    found: code,
    retryable: !LASTING.has(code),
    cause,
  });
}

/** A file or directory that is no longer what was found before. */
export function changedError(path: string, expected: string, found: string, cause?: unknown): TarError {
  return new TarError('tar.tree-changed', { path, expected, found, retryable: true, cause });
}

/** The error for a failed call on a file or directory that was there before. */
export function failedAgainError(path: string, cause: unknown): TarError {
  const code = errorCode(cause);
  return VANISHED.has(code)
    ? changedError(path, 'the file or directory that was planned', code, cause)
    : unreadableError(path, cause);
}

function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
}
