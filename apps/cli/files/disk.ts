import { mkdir, statfs } from 'node:fs/promises';
import { humanSize } from '@almagest/text';
import { CliError } from '../cli.error';
import { codeOf } from '../system-error';

const FULL = new Set(['ENOSPC', 'EDQUOT']);

const REASONS: Record<string, string> = {
  EACCES: 'it may not be written',
  EPERM: 'it may not be written',
  EROFS: 'its file system is read-only',
  ENOTDIR: 'a file is in the place of a directory',
  EEXIST: 'a file is in its place',
  ENAMETOOLONG: 'its name is too long for this file system',
  EFBIG: 'it is larger than this file system takes',
};

/** The error for a file or directory that cannot be written. */
export function unwritable(path: string, cause: unknown): CliError {
  if (cause instanceof CliError) return cause;
  const code = codeOf(cause);
  if (FULL.has(code)) {
    return new CliError('cli.disk-full', `the disk is full: ${path} cannot be written`, {
      cause,
      hints: ['make room and run the same command again: it goes on'],
    });
  }
  return new CliError('cli.cannot-write', `cannot write ${path}: ${REASONS[code] ?? code}`, { cause });
}

/**
 * Makes a directory, and those above it, unless it is there.
 * @throws CliError `cli.cannot-write`, `cli.disk-full`
 */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/**
 * Refuses work that the disk of a directory has no room for.
 * @throws CliError `cli.disk-full`, `cli.cannot-write`
 */
export async function mustHaveRoom(directory: string, bytes: number): Promise<void> {
  const free = await freeSpace(directory);
  if (free >= bytes) return;
  throw new CliError(
    'cli.disk-full',
    `${directory} has no room: ${humanSize(bytes)} are needed, ${humanSize(free)} are free`,
  );
}

/** Bytes that a user without privileges may still write below a directory. */
export async function freeSpace(directory: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  } catch (cause) {
    throw unwritable(directory, cause);
  }
}
