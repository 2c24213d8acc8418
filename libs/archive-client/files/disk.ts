import { lstat, mkdir, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import * as disk from '@almagest/platform/disk';
import { humanSize } from '@almagest/text';
import { ArchiveClientError, systemCodeOf } from '../archive-client.error';

const FULL = new Set(['ENOSPC', 'EDQUOT']);

const WRITE_FAILURES: Record<string, string> = {
  EACCES: 'permission denied',
  ENOENT: 'nothing can be created in the directory above it',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a parent directory is a file',
  EEXIST: 'a file of this name exists',
  ENAMETOOLONG: 'the name is too long for this file system',
  EFBIG: 'the file is too large for this file system',
};

const READ_FAILURES: Record<string, string> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
};

/** The error for a file or directory that cannot be written; an ArchiveClientError is returned as it is. */
export function unwritable(path: string, cause: unknown): ArchiveClientError {
  if (cause instanceof ArchiveClientError) return cause;
  const code = systemCodeOf(cause);
  if (FULL.has(code)) {
    return new ArchiveClientError('archive-client.disk-full', `cannot write ${path}: the disk is full`, { cause });
  }
  const why = WRITE_FAILURES[code] ?? code;
  return new ArchiveClientError('archive-client.cannot-write', `cannot write ${path}: ${why}`, { cause });
}

/** The error for a file that cannot be read. */
export function unreadable(path: string, cause: unknown): ArchiveClientError {
  const code = systemCodeOf(cause);
  const message = `cannot read ${path}: ${READ_FAILURES[code] ?? code}`;
  return new ArchiveClientError('archive-client.cannot-read', message, { cause });
}

/**
 * Creates a directory and its parents unless they exist.
 * @throws ArchiveClientError `archive-client.cannot-write`, `archive-client.disk-full`
 */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await disk.makeDirectory(path);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** Returns the nearest place that exists on the way to a path: the path itself, or a directory above it. */
export async function nearestPlace(path: string): Promise<string> {
  for (let at = resolve(path); ; at = dirname(at)) {
    const isThere = await lstat(at).then(
      () => true,
      (cause: unknown) => !/^(?:ENOENT|ENOTDIR)$/.test(systemCodeOf(cause)),
    );
    if (isThere || at === dirname(at)) return at;
  }
}

/** The directory that a check of `assertWritable` creates; the next check removes that of a killed one. */
const PROBE = '.almagest-write-check';

/**
 * Checks that something can be written in a directory, or that it can be created: creates an empty directory there, and
 * removes it again. Permissions alone do not tell: root passes them all, and `/proc` and network file systems refuse
 * anyway.
 * @throws ArchiveClientError `archive-client.cannot-write`, `archive-client.disk-full`
 */
export async function assertWritable(directory: string): Promise<void> {
  const probe = join(await nearestPlace(directory), PROBE);
  try {
    await mkdir(probe).catch(unless('EEXIST'));
    await rmdir(probe).catch(unless('ENOENT'));
  } catch (cause) {
    throw unwritable(directory, cause);
  }
}

/** Returns a handler that throws every error but those with this code: another command checks the same directory. */
function unless(code: string): (cause: unknown) => void {
  return (cause) => {
    if (systemCodeOf(cause) !== code) throw cause;
  };
}

/**
 * Checks that the disk of a directory, which need not exist yet, has room for `bytes`.
 * @throws ArchiveClientError `archive-client.disk-full`, `archive-client.cannot-write`
 */
export async function assertRoom(directory: string, bytes: number): Promise<void> {
  const free = await freeSpace(directory);
  if (free >= bytes) return;
  const message = `not enough disk space in ${directory}: ${humanSize(bytes)} needed, ${humanSize(free)} free`;
  throw new ArchiveClientError('archive-client.disk-full', message);
}

/** Returns the bytes that a user without privileges may still write below a directory, which need not exist yet. */
export async function freeSpace(directory: string): Promise<number> {
  try {
    return await disk.freeSpace(await nearestPlace(directory));
  } catch (cause) {
    throw unwritable(directory, cause);
  }
}
