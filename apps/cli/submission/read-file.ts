import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { type Digest, digestOf } from '@almagest/archive-client';
import { utf8 } from '@almagest/contracts';
import { CliError } from '../cli.error';
import { codeOf, messageOf } from '../system-error';

/** Bytes. The archive accepts half of this. */
const LARGEST = 1024 * 1024;

/**
 * Reads a JSON document of at most 1 MiB.
 * @throws CliError `cli.input-unreadable`
 */
export async function readJsonFile(path: string): Promise<unknown> {
  const bytes = await readBytes(path, path);
  try {
    return JSON.parse(utf8(bytes));
  } catch (cause) {
    throw new CliError('cli.input-unreadable', `${path} is not valid JSON: ${messageOf(cause)}`, { cause });
  }
}

/**
 * Reads a file of at most 1 MiB as text.
 * @param name how errors name the file
 * @throws CliError `cli.input-unreadable`
 */
export async function readText(path: string, name: string): Promise<string> {
  return Buffer.from(await readBytes(path, name)).toString('utf8');
}

/**
 * Reads standard input to its end.
 * @param what it is, as errors name it: `report`
 * @param longest bytes
 * @throws CliError `cli.usage` if standard input is a terminal; `cli.input-invalid` if it is empty or too long; the reason
 *   of `signal` when it is aborted
 */
export async function readStandardInput(what: string, longest: number, signal: AbortSignal): Promise<Buffer> {
  if (process.stdin.isTTY) throw new CliError('cli.usage', `pass the ${what} on standard input`);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of addAbortSignal(signal, process.stdin) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > longest) throw new CliError('cli.input-invalid', `a ${what} has at most ${longest} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
  if (size === 0) throw new CliError('cli.input-invalid', 'standard input is empty');
  return Buffer.concat(chunks);
}

async function readBytes(path: string, name: string): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(LARGEST + 1);
      let length = 0;
      for (let read = -1; read !== 0 && length <= LARGEST; length += read) {
        ({ bytesRead: read } = await file.read(buffer, length, buffer.length - length));
      }
      if (length > LARGEST) throw new CliError('cli.input-unreadable', `${name} is too long`);
      return buffer.subarray(0, length);
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw unreadable(name, cause);
  }
}

/** Returns the error for a file or directory that cannot be read. */
export function unreadable(path: string, cause: unknown): CliError {
  const code = codeOf(cause);
  const why = { ENOENT: 'no such file', EACCES: 'permission denied', EISDIR: 'it is a directory' }[code] ?? code;
  return new CliError('cli.input-unreadable', `cannot read ${path}: ${why}`, { cause });
}

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
