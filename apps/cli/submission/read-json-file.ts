import { open } from 'node:fs/promises';
import { CliError } from '../cli.error';
import { codeOf, messageOf } from '../system-error';

/** Bytes. The archive accepts half of this. */
const LARGEST = 1024 * 1024;

/**
 * Reads a JSON document of at most 1 MiB.
 * @throws CliError `cli.input-unreadable`
 */
export async function readJsonFile(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CliError('cli.input-unreadable', `${path} is not valid JSON: ${messageOf(cause)}`, { cause });
  }
}

async function readText(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(LARGEST + 1);
      let length = 0;
      for (let read = -1; read !== 0 && length <= LARGEST; length += read) {
        ({ bytesRead: read } = await file.read(buffer, length, buffer.length - length));
      }
      if (length > LARGEST) throw new CliError('cli.input-unreadable', `${path} is too long for a QA2 result`);
      return buffer.toString('utf8', 0, length);
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw unreadable(path, cause);
  }
}

/** Returns the error for a file or directory that cannot be read. */
export function unreadable(path: string, cause: unknown): CliError {
  const code = codeOf(cause);
  const why = { ENOENT: 'no such file', EACCES: 'permission denied', EISDIR: 'it is a directory' }[code] ?? code;
  return new CliError('cli.input-unreadable', `cannot read ${path}: ${why}`, { cause });
}
