import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { unreadable } from './disk';

const CHUNK = 1024 * 1024;

/** Never follows a symbolic link, and does not wait for the writer of a pipe. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The size in bytes and the SHA-256 of content, in hexadecimal. */
export interface Digest {
  size: number;
  sha256: string;
}

/**
 * Creates a listener for the content of a file while it is hashed. It must read a chunk before it returns and not keep
 * it. A new one is created each time the file is hashed.
 */
export type Tap = () => (chunk: Buffer) => void;

/** Hashes a stream of any length; `onBytes` is called with the length of every chunk. */
export async function digestOf(content: AsyncIterable<Uint8Array>, onBytes?: (bytes: number) => void): Promise<Digest> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of content) {
    hash.update(chunk);
    size += chunk.length;
    onBytes?.(chunk.length);
  }
  return { size, sha256: hash.digest('hex') };
}

/** Hashes an open file as it is on the disk, from its beginning to its end. @throws the reason of `signal` */
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

/**
 * Hashes the file at a path.
 * @throws ArchiveClientError `archive-client.cannot-read`; the reason of `signal`
 */
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
