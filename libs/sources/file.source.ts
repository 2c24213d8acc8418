import { constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openedPath } from '@almagest/tar';
import { isInside, notAllowed } from './allowed-sources';
import type { Source, SourceReader } from './source';
import { SourceError } from './source.error';

/** The most links that Linux follows in one path. */
const MAX_LINKS = 40;

/**
 * Returns the real path of a `file://` location, with every link resolved, if it is inside one of the allowed roots.
 * Whether a path outside the roots exists makes no difference to the answer.
 * @throws SourceError `source.not-allowed`, `source.not-found`, `source.denied`, `source.unusable`
 */
export async function pathInside(roots: readonly string[], location: string): Promise<string> {
  const path = fileURLToPath(location);
  try {
    const real = await realpath(path);
    await assertInside(roots, real, location);
    return real;
  } catch (error) {
    if (error instanceof SourceError) throw error;
    await assertInside(roots, await nearestPlace(path), location);
    throw translated(location, error);
  }
}

/**
 * Checks that the file which was opened is inside the roots: a folder of its path may have been exchanged for a link
 * after the path was checked.
 * @param path by which the file was opened
 * @throws SourceError `source.not-allowed`
 */
export async function checkOpened(
  file: FileHandle,
  path: string,
  roots: readonly string[],
  location: string,
): Promise<void> {
  const opened = await openedPath(file, path);
  if (opened === null) throw new SourceError('source.not-allowed', notAllowed(location, roots));
  await assertInside(roots, opened, location);
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

  /** Opens the file and closes it again. @throws SourceError when it cannot be read */
  async check(): Promise<void> {
    await (await this.openFile()).close();
  }

  private async openFile(): Promise<FileHandle> {
    const { location, roots } = this;
    const path = await pathInside(roots, location);
    // The path has no links: a link created since then is refused, and a named pipe does not block.
    const file = await fromFile(location, () =>
      open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK),
    );
    try {
      if (!(await file.stat()).isFile()) throw notAFile(location);
      await fromFile(location, () => checkOpened(file, path, roots, location));
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  }
}

async function assertInside(roots: readonly string[], path: string, location: string): Promise<void> {
  for (const root of roots) if (isInside(path, await realpath(root).catch(() => root))) return;
  throw new SourceError('source.not-allowed', notAllowed(location, roots));
}

/** Returns the real path of the nearest place that exists on the way to a path, through links whose targets are missing. */
async function nearestPlace(path: string, links = MAX_LINKS): Promise<string> {
  const above = dirname(path);
  const real = await realpath(path).catch(() => null);
  if (real !== null || above === path) return real ?? path;
  const target = links > 0 ? await readlink(path).catch(() => null) : null;
  if (target === null) return nearestPlace(above, links);
  return nearestPlace(resolve(await realpath(above).catch(() => above), target), links - 1);
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
  } catch (error) {
    throw error instanceof SourceError ? error : translated(location, error);
  }
}

/** What no retry turns into a file: a socket or a device, a name that the file system does not allow. */
const UNUSABLE = new Set(['ENXIO', 'ENODEV', 'ENAMETOOLONG', 'EISDIR', 'EINVAL', 'EOVERFLOW', 'ERR_INVALID_ARG_VALUE']);

function translated(location: string, cause: unknown): SourceError {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new SourceError('source.not-found', `${location} does not exist`, { cause });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new SourceError('source.denied', `this archive has no permission to read ${location}`, { cause });
  }
  if (code === 'ELOOP') return new SourceError('source.not-allowed', `${location} is a symbolic link`, { cause });
  if (UNUSABLE.has(code)) return notAFile(location, cause);
  return new SourceError('source.unavailable', `${location} cannot be read at present (${code})`, { cause });
}

function notAFile(location: string, cause?: unknown): SourceError {
  return new SourceError('source.unusable', `${location} is not a regular file`, { cause });
}
