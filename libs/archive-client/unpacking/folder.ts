import { existsSync, lstatSync, mkdirSync, realpathSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { printable } from '@almagest/text';
import { ArchiveClientError, systemCodeOf } from '../archive-client.error';
import { assertWritable, makeDirectory, nearestPlace, unwritable } from '../files/disk';

/** The directory of unfinished files, inside the folder they are for: on the same file system, a rename is atomic. */
const STAGING = '.almagest-fetch';

/**
 * A folder for files from outside. Nothing is written outside of it: names that lead out are refused, and so is a path
 * through a symbolic link inside the folder. (A link that another program puts there at the same time is not detected.)
 */
export class Folder {
  private readonly made = new Set<string>();

  private constructor(readonly root: string) {}

  /** Opens a folder, and creates it unless it exists. @throws ArchiveClientError `archive-client.cannot-write` */
  static async at(path: string): Promise<Folder> {
    await makeDirectory(path);
    return new Folder(realpathSync(path));
  }

  /** Opens a folder that need not exist, and creates nothing: for checks before anything is written. */
  static async planned(path: string): Promise<Folder> {
    const place = await nearestPlace(path);
    return new Folder(join(realpathSync(place), relative(place, resolve(path))));
  }

  /**
   * Checks that files with these names can be written, as far as their directories exist, and unfinished files too.
   * @throws ArchiveClientError as `fileAt`
   */
  async assertCanHold(names: readonly string[]): Promise<void> {
    const places = new Set([this.placeFor([STAGING], STAGING)]);
    for (const name of names) places.add(this.placeFor(stepsOf(name).slice(0, -1), name));
    for (const place of places) await assertWritable(place);
  }

  /**
   * Returns the path of a file with this name, and creates its parent directories.
   * @throws ArchiveClientError `archive-client.unsafe-archive`, `archive-client.file-in-the-way`,
   *   `archive-client.cannot-write`
   */
  fileAt(name: string): string {
    const steps = stepsOf(name);
    const last = steps.pop();
    if (last === undefined) throw unsafeName(name, 'has no name');
    return join(this.makeDirectories(steps, name), last);
  }

  /** Returns the path of a file with this name, and creates nothing. */
  pathOf(name: string): string {
    return join(this.root, ...stepsOf(name));
  }

  /** Returns the path of a directory, and creates it and its parents unless they exist. */
  directoryAt(name: string, mode = 0o777): string {
    return this.makeDirectories(stepsOf(name), name, mode);
  }

  /** Returns the path for an unfinished file or directory. */
  stagingPath(name: string): string {
    return join(this.makeDirectories([STAGING], STAGING), name);
  }

  /** Removes what a killed run left unfinished under this name. */
  discard(name: string): void {
    rmSync(join(this.root, STAGING, name), { recursive: true, force: true });
  }

  /** Removes the directory of unfinished files if it is empty. */
  tidy(): void {
    try {
      rmdirSync(join(this.root, STAGING));
    } catch (cause) {
      if (!/^(?:ENOENT|ENOTEMPTY|EEXIST)$/.test(systemCodeOf(cause))) throw unwritable(join(this.root, STAGING), cause);
    }
  }

  /** Returns the deepest of these directories that exists. */
  private placeFor(steps: readonly string[], name: string): string {
    if (!existsSync(this.root) || !statSync(this.root).isDirectory()) return this.root;
    let at = this.root;
    for (const step of steps) {
      const next = join(at, step);
      const facts = lstatSync(next, { throwIfNoEntry: false });
      if (facts === undefined) return at;
      if (!facts.isDirectory()) throw inTheWay(next, `${printable(name)} cannot be written below it`);
      at = next;
    }
    return at;
  }

  private makeDirectories(steps: readonly string[], name: string, mode = 0o777): string {
    let at = this.root;
    for (const step of steps) {
      at = join(at, step);
      if (this.made.has(at)) continue;
      try {
        mkdirSync(at, mode | 0o700);
      } catch (cause) {
        if (systemCodeOf(cause) !== 'EEXIST') throw unwritable(at, cause);
        if (!lstatSync(at).isDirectory()) throw inTheWay(at, `${printable(name)} cannot be written below it`);
      }
      this.made.add(at);
    }
    return at;
  }
}

/** The error for something on the disk that has the path of another file; it is never overwritten. */
export function inTheWay(path: string, why: string): ArchiveClientError {
  return new ArchiveClientError('archive-client.file-in-the-way', `${path} is in the way: ${why}`);
}

/** The error for a name that is not safe to write. */
export function unsafeName(name: string, why: string): ArchiveClientError {
  return new ArchiveClientError('archive-client.unsafe-archive', `"${printable(name)}" ${why}: it is not written`);
}

/**
 * Splits a name into its directories and its last part; `.` and empty steps are dropped.
 * @throws ArchiveClientError `archive-client.unsafe-archive` when it leads out of the folder or into its staging area
 */
export function stepsOf(name: string): string[] {
  if (name.startsWith('/') || /^[A-Za-z]:[\\/]/.test(name)) throw unsafeName(name, 'is an absolute path');
  if (name.split(/[/\\]/).includes('..')) throw unsafeName(name, 'leads out of its folder');
  if (/\p{Cc}/u.test(name)) throw unsafeName(name, 'contains a control character');
  const steps = name.split('/').filter((step) => step !== '' && step !== '.');
  if (steps[0] === STAGING) throw unsafeName(name, 'is inside the directory of unfinished files');
  return steps;
}
