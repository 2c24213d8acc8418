import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Source } from './source';
import { SourceError } from './source.error';

const READ_AT_A_TIME = 2 * 1024 * 1024;

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

  /** The next piece is read while the one before is worked on. */
  async *open(signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const file = await this.openFile();
    const read = (into: Buffer): Promise<Buffer> => {
      const reading = fromFile(this.location, async () => {
        const { bytesRead } = await file.read(into, 0, into.length);
        return into.subarray(0, bytesRead);
      });
      // It may fail before it is waited for.
      reading.catch(() => undefined);
      return reading;
    };
    let [next, spare] = [Buffer.allocUnsafeSlow(READ_AT_A_TIME), Buffer.allocUnsafeSlow(READ_AT_A_TIME)];
    let reading = read(next);
    try {
      for (;;) {
        const piece = await reading;
        signal.throwIfAborted();
        if (piece.length === 0) return;
        [next, spare] = [spare, next];
        reading = read(next);
        yield piece;
      }
    } finally {
      await reading.catch(() => undefined);
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
    const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new SourceError('source.not-found', `${location} does not exist`, { cause });
    if (code === 'EACCES' || code === 'EPERM')
      throw new SourceError('source.denied', `${location} may not be read`, { cause });
    if (code === 'ELOOP') throw new SourceError('source.not-allowed', `${location} is a link`, { cause });
    throw new SourceError('source.unavailable', `${location} cannot be read now (${code})`, { cause });
  }
}
