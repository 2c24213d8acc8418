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
import { type TarEntry, type TarEntrySink, TarError, TarReader } from '@almagest/tar';
import { unwritable } from '../files/disk';
import { unreadable } from '../submission/read-json-file';
import { type Folder, inTheWay } from './folder';
import { broken } from './tar-check';

const CHUNK = 1024 * 1024;

/** Sets the permissions a tar states, but never takes a user the right to read and tidy up what is theirs. */
const READABLE = 0o400;

/**
 * Unpacks tars into a folder, member by member as they are read. A member gets its name when it is whole. A file that
 * has its place already must be the same, else it is in the way: nothing is overwritten.
 */
export class Unpacker {
  private readonly directories = new Map<string, Date>();

  constructor(private readonly folder: Folder) {}

  /**
   * Unpacks a tar that was looked through by a TarCheck.
   * @param onFile hears of each file that is in its place
   * @throws CliError; the reason of `signal`
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
        tar.write(chunk.subarray(0, bytesRead));
      }
      tar.end();
    } catch (error) {
      throw error instanceof TarError ? broken(path, error) : error;
    } finally {
      await file.close();
    }
  }

  /** Gives directories their times, which change while something is put into them. */
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
    if (type === 'directory') {
      const at = this.folder.directoryAt(path, mode & 0o777);
      if (mtime !== null && at !== this.folder.root) this.directories.set(at, mtime);
      return null;
    }
    const target = this.folder.fileAt(path);
    try {
      const facts = lstatSync(target, { throwIfNoEntry: false });
      if (facts === undefined) return new MemberFile(entry, target, this.folder.workshop(`${tar}.member`), onFile);
      if (!facts.isFile() || facts.size !== entry.size)
        throw inTheWay(target, 'the archive has another file of this name');
      return new SameFile(entry, target, onFile);
    } catch (cause) {
      throw unwritable(target, cause);
    }
  }
}

/** A member on its way to the disk. */
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

/** A file that is there already, held against the member. */
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
    throw inTheWay(this.target, 'the archive has other content under this name');
  }

  end(): void {
    closeSync(this.fd);
    this.onFile(this.entry.size);
  }
}
