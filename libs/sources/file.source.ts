import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Source, SourceReader } from './source';
import { SourceError } from './source.error';

/**
 * Returns the real path of a `file://` location, with every link resolved, if it is inside one of the allowed roots.
 * @throws SourceError `source.not-allowed`, `source.not-found`, `source.denied`
 */
export async function pathInside(roots: readonly string[], location: string): Promise<string> {
  const path = await fromFile(location, () => realpath(fileURLToPath(location)));
  for (const root of roots) {
    const inside = relative(await realpath(root).catch(() => root), path);
    if (inside === '' || (!inside.startsWith('..') && !isAbsolute(inside))) return path;
  }
  throw new SourceError('source.not-allowed', `${location} is outside the directories this archive may read from`);
}

/** A file on a local or mounted file system. */
export class FileSource implements Source {
  constructor(
    private readonly location: string,
    private readonly roots: readonly string[],
  ) {}

  async open(signal: AbortSignal): Promise<SourceReader> {
    const file = await this.openFile();
    return {
      read: async (into) => {
        signal.throwIfAborted();
        const found = await fromFile(this.location, () => readFully(file, into));
        signal.throwIfAborted();
        return found;
      },
      close: () => file.close(),
    };
  }

  private async openFile(): Promise<FileHandle> {
    const path = await pathInside(this.roots, this.location);
    // The path has no links: a link created since then is refused, and a named pipe does not block.
    const file = await fromFile(this.location, () =>
      open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK),
    );
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw new SourceError('source.unusable', `${this.location} is not a regular file`);
  }
}

/** Fills the memory and returns the number of bytes: fewer than requested only at the end of the file. */
async function readFully(file: FileHandle, into: Buffer): Promise<number> {
  let filled = 0;
  while (filled < into.length) {
    const { bytesRead } = await file.read(into, filled, into.length - filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

async function fromFile<T>(location: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new SourceError('source.not-found', `${location} does not exist`, { cause });
    }
    if (code === 'EACCES' || code === 'EPERM') {
      throw new SourceError('source.denied', `this archive has no permission to read ${location}`, { cause });
    }
    if (code === 'ELOOP') throw new SourceError('source.not-allowed', `${location} is a symbolic link`, { cause });
    throw new SourceError('source.unavailable', `${location} cannot be read at present (${code})`, { cause });
  }
}
