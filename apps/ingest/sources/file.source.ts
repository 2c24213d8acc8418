import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Source } from './source';
import { SourceError } from './source.error';

const READ_AT_A_TIME = 1024 * 1024;

/**
 * The real path of a `file://` location, if it lies inside one of the allowed roots after every link is followed.
 * @throws SourceError `source.not-allowed`, `source.not-found`, `source.denied`
 */
export async function pathInside(roots: readonly string[], location: string): Promise<string> {
  const path = await fromFile(location, () => realpath(fileURLToPath(location)));
  for (const root of roots) {
    const inside = relative(await realpath(root).catch(() => root), path);
    if (inside === '' || (!inside.startsWith('..') && !isAbsolute(inside))) return path;
  }
  throw new SourceError('source.not-allowed', `${location} lies outside the directories this archive reads from`);
}

/** A file on this machine or on a mounted one. */
export class FileSource implements Source {
  constructor(
    private readonly location: string,
    private readonly roots: readonly string[],
  ) {}

  async *open(signal: AbortSignal): AsyncIterable<Uint8Array> {
    const file = await this.openFile();
    try {
      for (;;) {
        signal.throwIfAborted();
        // The hash and the store keep views of what was read, so every read gets memory of its own.
        const buffer = Buffer.allocUnsafeSlow(READ_AT_A_TIME);
        const { bytesRead } = await fromFile(this.location, () => file.read(buffer, 0, buffer.length));
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  }

  private async openFile(): Promise<FileHandle> {
    const path = await pathInside(this.roots, this.location);
    // The path is a real one: a link put there since then is refused, and a named pipe does not block.
    const file = await fromFile(this.location, () =>
      open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK),
    );
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw new SourceError('source.unusable', `${this.location} is not a regular file`);
  }
}

async function fromFile<T>(location: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new SourceError('source.not-found', `${location} does not exist`, { cause });
    if (code === 'EACCES' || code === 'EPERM')
      throw new SourceError('source.denied', `${location} may not be read`, { cause });
    if (code === 'ELOOP') throw new SourceError('source.not-allowed', `${location} is a link`, { cause });
    throw new SourceError('source.unavailable', `${location} cannot be read now (${code})`, { cause });
  }
}
