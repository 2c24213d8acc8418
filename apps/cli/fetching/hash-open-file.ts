import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { unreadable } from '../submission/read-json-file';
import type { Digest } from '../submission/hash-file';

const CHUNK = 1024 * 1024;

/** Never follows a link in the place of a file, nor waits for a pipe's writer. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Makes something that hears of a file's content while it is digested: read a chunk before returning, never keep it.
 * It is made anew each time the file is digested.
 */
export type Tap = () => (chunk: Buffer) => void;

/** Digests what is on the disk, from the beginning of an open file to its end. @throws the reason of `signal` */
export async function hashOpenFile(file: FileHandle, signal: AbortSignal, tap?: Tap): Promise<Digest> {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(CHUNK);
  const listen = tap?.();
  for (let size = 0; ;) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(chunk, 0, CHUNK, size);
    if (bytesRead === 0) return { size, sha256: hash.digest('hex') };
    hash.update(chunk.subarray(0, bytesRead));
    listen?.(chunk.subarray(0, bytesRead));
    size += bytesRead;
  }
}

/** The same for a file by its path. @throws CliError `cli.input-unreadable` */
export async function hashFileAt(path: string, signal: AbortSignal, tap?: Tap): Promise<Digest> {
  let file: FileHandle;
  try {
    file = await open(path, READ);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  try {
    return await hashOpenFile(file, signal, tap);
  } finally {
    await file.close();
  }
}
