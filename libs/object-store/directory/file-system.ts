import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
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
 * Translates a failed file system call. An errno that is not listed, such as a broken disk (EIO) or a file system that
 * is not mounted (ENOENT), needs the store's operator; the call succeeds afterwards.
 */
export function fsError(error: unknown, doing: string): ObjectStoreError {
  if (error instanceof ObjectStoreError) return error;
  const errno = errnoOf(error) ?? 'no errno';
  return new ObjectStoreError(BY_ERRNO[errno] ?? 'object-store.failed', `${doing} failed: ${errno}`, { cause: error });
}

/** Whether the call failed with one of these errnos. */
export function failedWith(error: unknown, ...errnos: readonly string[]): boolean {
  return errnos.includes(errnoOf(error) ?? '');
}

/** Returns the result of the call, or null when it failed with one of these errnos. */
export async function orNull<T>(call: () => Promise<T>, ...errnos: readonly string[]): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (failedWith(error, ...errnos)) return null;
    throw error;
  }
}

/** Only the archive's user may read what it stores: much of it is proprietary. */
const FILE_MODE = 0o600;
export const FOLDER_MODE = 0o700;

/** Opens a file for one piece of work. Does not follow a symbolic link in the last component of the path. */
export async function withFile<T>(path: string, flags: number, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags | constants.O_NOFOLLOW, FILE_MODE);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

/** Creates a file with these bytes and syncs it. Its name is durable only after `syncFolder`. */
export async function createDurably(path: string, bytes: Uint8Array): Promise<void> {
  await withFile(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, async (file) => {
    await writeAt(file, bytes, 0);
    await file.sync();
  });
}

/** Appends text to a file; with `durably`, syncs it too. */
export async function append(path: string, text: string, { durably }: { durably: boolean }): Promise<void> {
  await withFile(path, constants.O_WRONLY | constants.O_APPEND, async (file) => {
    await file.appendFile(text);
    if (durably) await file.datasync();
  });
}

/** Writes all the bytes at a position; a single system call may write fewer. */
export async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** Fills the buffer from a position. The result is shorter where the file ends. */
export async function readAt(file: FileHandle, buffer: Buffer, position: number): Promise<Buffer> {
  let done = 0;
  while (done < buffer.length) {
    const { bytesRead } = await file.read(buffer, done, buffer.length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

/** Makes the names in a folder durable: otherwise a power cut may undo a rename or a link. */
export async function syncFolder(path: string): Promise<void> {
  await withFile(path, constants.O_RDONLY | constants.O_DIRECTORY, (folder) => folder.sync());
}

function errnoOf(error: unknown): string | undefined {
  // Not `instanceof Error`: a test runner gives each test file an Error class of its own.
  const hasCode = typeof error === 'object' && error !== null && 'code' in error;
  return hasCode && typeof error.code === 'string' ? error.code : undefined;
}
