import {
  constants,
  closeSync,
  futimesSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  utimesSync,
  writeSync,
  lstatSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { isLitterEntry } from '@almagest/delivery';
import { type TarEntry, type TarEntrySink, TarError, TarReader } from '@almagest/tar';
import { unreadable, unwritable } from '../files/disk';
import { type Folder, inTheWay, stepsOf } from './folder';
import { brokenTar } from './tar-check';

const CHUNK = 1024 * 1024;

/** Files get the permissions in the tar, but their owner can always read them. */
const READABLE = 0o400;

/**
 * Unpacks tars into a folder, member by member. A member gets its name once it is complete. A file that already exists
 * must have the same content, otherwise unpacking fails: nothing is overwritten. Litter is not unpacked: two parts may
 * have different files of one system at the same path.
 */
export class Unpacker {
  private readonly directories = new Map<string, Date>();

  constructor(private readonly folder: Folder) {}

  /**
   * Unpacks a tar that has passed a TarCheck.
   * @param onFile called with the size of each file that is in place
   * @throws ArchiveClientError; the reason of `signal`
   */
  async unpack(path: string, signal: AbortSignal, onFile: (size: number) => void): Promise<void> {
    const tar = new TarReader({ onEntry: (entry) => this.sinkFor(entry, basename(path), onFile) });
    const file = await open(path, 'r').catch((cause: unknown) => Promise.reject(unreadable(path, cause)));
    const chunk = Buffer.allocUnsafe(CHUNK);
    try {
      for (;;) {
        signal.throwIfAborted();
        const { bytesRead } = await file.read(chunk, 0, CHUNK, null);
        if (bytesRead === 0) break;
        for (const _ of tar.pieces(chunk.subarray(0, bytesRead))) {
          await turn();
          signal.throwIfAborted();
        }
      }
      tar.end();
    } catch (error) {
      throw error instanceof TarError ? brokenTar(path, error) : error;
    } finally {
      await file.close();
    }
  }

  /** Sets the times of directories; call it last, as they change with each file that is written. */
  finish(): void {
    for (const [path, time] of this.directories) {
      try {
        utimesSync(path, time, time);
      } catch (cause) {
        throw unwritable(path, cause);
      }
    }
  }

  private sinkFor(entry: TarEntry, tar: string, onFile: (size: number) => void): TarEntrySink | null {
    const { path, type, mode, mtime } = entry;
    if (isLitterEntry(stepsOf(path), type)) return null;
    if (type === 'directory') {
      const at = this.folder.directoryAt(path, mode & 0o777);
      if (mtime !== null && at !== this.folder.root) this.directories.set(at, mtime);
      return null;
    }
    const target = this.folder.fileAt(path);
    try {
      const facts = lstatSync(target, { throwIfNoEntry: false });
      if (facts === undefined) return new MemberFile(entry, target, this.folder.stagingPath(`${tar}.member`), onFile);
      if (!facts.isFile() || facts.size !== entry.size) {
        throw inTheWay(target, 'it differs from the file of this name in the archive');
      }
      return new SameFile(entry, target, onFile);
    } catch (cause) {
      throw unwritable(target, cause);
    }
  }
}

/** Writes a member to the disk. */
class MemberFile implements TarEntrySink {
  private readonly fd: number;

  constructor(
    private readonly entry: TarEntry,
    private readonly target: string,
    private readonly staged: string,
    private readonly onFile: (size: number) => void,
  ) {
    this.fd = this.attempt(() => {
      rmSync(staged, { force: true });
      return openSync(staged, 'wx', (entry.mode & 0o777) | READABLE);
    });
  }

  data(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) at += this.attempt(() => writeSync(this.fd, chunk, at));
  }

  end(): void {
    const { mtime, size } = this.entry;
    this.attempt(() => {
      if (mtime !== null) futimesSync(this.fd, mtime, mtime);
      closeSync(this.fd);
      renameSync(this.staged, this.target);
    });
    this.onFile(size);
  }

  private attempt<T>(action: () => T): T {
    try {
      return action();
    } catch (cause) {
      throw unwritable(this.target, cause);
    }
  }
}

/** Compares a file that already exists with the member. */
class SameFile implements TarEntrySink {
  private readonly fd: number;

  constructor(
    private readonly entry: TarEntry,
    private readonly target: string,
    private readonly onFile: (size: number) => void,
  ) {
    this.fd = openSync(target, constants.O_RDONLY | constants.O_NOFOLLOW);
  }

  data(chunk: Uint8Array): void {
    const there = Buffer.alloc(chunk.length);
    readSync(this.fd, there);
    if (there.equals(chunk)) return;
    closeSync(this.fd);
    throw inTheWay(this.target, 'its content differs from the file in the archive');
  }

  end(): void {
    closeSync(this.fd);
    this.onFile(this.entry.size);
  }
}
