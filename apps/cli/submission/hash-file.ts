import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { unreadable } from './read-json-file';
import { CliError } from '../cli.error';

/** The size in bytes and the SHA-256 of content, in hexadecimal. */
export interface Digest {
  size: number;
  sha256: string;
}

/** Digests content of any length as it comes; `onBytes` hears of every chunk. */
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

/**
 * Size and SHA-256 of a file, read once.
 * @throws CliError `cli.input-unreadable`; the reason of `signal` when it is aborted
 */
export async function hashFile(
  path: string,
  signal: AbortSignal,
  progress: { onBegin(path: string, size: number): void; onBytes(bytes: number): void },
): Promise<Digest> {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) throw new CliError('cli.input-unreadable', `${path} is not a file`);
    const content = createReadStream(path, { highWaterMark: 1024 * 1024, signal }) as AsyncIterable<Buffer>;
    progress.onBegin(path, facts.size);
    return await digestOf(content, (bytes) => progress.onBytes(bytes));
  } catch (cause) {
    signal.throwIfAborted();
    throw cause instanceof CliError ? cause : unreadable(path, cause);
  }
}
