import { lstatSync, mkdirSync, realpathSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { printable } from '@almagest/text';
import { CliError } from '../cli.error';
import { makeDirectory, unwritable } from '../files/disk';
import { codeOf } from '../system-error';

/** Where what is not whole yet is kept, below the folder it is for: renaming it there is one step. */
const WORKSHOP = '.almagest-fetch';

/**
 * A folder that files from outside are put into, and never anything outside of it: names that lead out are refused, and
 * so is a path through a link that lies there already. (What another program swaps in meanwhile is beyond this.)
 */
export class Folder {
  private readonly made = new Set<string>();

  private constructor(readonly root: string) {}

  /** @throws CliError `cli.cannot-write` */
  static async at(path: string): Promise<Folder> {
    await makeDirectory(path);
    return new Folder(realpathSync(path));
  }

  /**
   * Where a file with this name belongs; the directories above it are there afterwards.
   * @throws CliError `cli.unsafe-archive`, `cli.file-in-the-way`, `cli.cannot-write`
   */
  fileAt(name: string): string {
    const steps = stepsOf(name);
    const last = steps.pop();
    if (last === undefined) throw unsafe(name, 'has no name');
    return join(this.makeDirectories(steps, name), last);
  }

  /** Where a file with this name would be, without touching anything. */
  wouldBeAt(name: string): string {
    return join(this.root, ...stepsOf(name));
  }

  /** Makes a directory and those above it, unless they are there. */
  directoryAt(name: string, mode = 0o777): string {
    return this.makeDirectories(stepsOf(name), name, mode);
  }

  /** A place for something that is not whole yet. */
  workshop(name: string): string {
    return join(this.makeDirectories([WORKSHOP], WORKSHOP), name);
  }

  /** Removes from the workshop what a run that was killed left there under this name. */
  discard(name: string): void {
    rmSync(join(this.root, WORKSHOP, name), { recursive: true, force: true });
  }

  /** Removes the workshop if nothing is left in it. */
  tidy(): void {
    try {
      rmdirSync(join(this.root, WORKSHOP));
    } catch (cause) {
      if (!/^(?:ENOENT|ENOTEMPTY|EEXIST)$/.test(codeOf(cause))) throw unwritable(join(this.root, WORKSHOP), cause);
    }
  }

  private makeDirectories(steps: readonly string[], name: string, mode = 0o777): string {
    let at = this.root;
    for (const step of steps) {
      at = join(at, step);
      if (this.made.has(at)) continue;
      try {
        mkdirSync(at, mode | 0o700);
      } catch (cause) {
        if (codeOf(cause) !== 'EEXIST') throw unwritable(at, cause);
        if (!lstatSync(at).isDirectory()) throw inTheWay(at, `${printable(name)} cannot be put below it`);
      }
      this.made.add(at);
    }
    return at;
  }
}

/** The error for something on this disk that is not what belongs there; it is never overwritten. */
export function inTheWay(path: string, why: string): CliError {
  return new CliError('cli.file-in-the-way', `${path} is in the way: ${why}`, {
    hints: ['move it away, or name another folder with --into DIR'],
  });
}

export function unsafe(name: string, why: string): CliError {
  return new CliError('cli.unsafe-archive', `"${printable(name)}" ${why}: it is not written`);
}

/** The steps of a name, one directory each; `./` at its beginning means nothing. */
export function stepsOf(name: string): string[] {
  if (name.startsWith('/') || /^[A-Za-z]:[\\/]/.test(name)) throw unsafe(name, 'is an absolute path');
  if (name.split(/[/\\]/).includes('..')) throw unsafe(name, 'leads out of its folder');
  if (/\p{Cc}/u.test(name)) throw unsafe(name, 'has a control character in it');
  const steps = name.split('/').filter((step) => step !== '' && step !== '.');
  if (steps[0] === WORKSHOP) throw unsafe(name, 'has the name of the folder for unfinished files');
  return steps;
}
