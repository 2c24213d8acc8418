import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Digest, digestOf } from '@almagest/archive-client';
import { unreadable } from './read-json-file';
import { CliError } from '../cli.error';

/**
 * Computes the size and the SHA-256 of a file in one pass.
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
