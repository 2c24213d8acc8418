import { type TarEntry, TarError, TarReader } from '@almagest/tar';
import { CliError } from '../cli.error';
import { stepsOf, unsafe } from './folder';

/**
 * Looks through a tar before anything of it is unpacked: it must be whole, hold files and directories only, and no name
 * may lead out of its folder or be the same as another on a file system that folds case.
 */
export class TarCheck {
  private readonly tar = new TarReader({
    onEntry: (entry) => {
      this.look(entry);
      return null;
    },
  });
  /** The spelling of each name, and whether a file has it, by what a folding file system makes of it. */
  private readonly names = new Map<string, { name: string; isFile: boolean }>();

  /** Takes the next bytes; what is wrong with them is told by `end`: the reader fails there with the same. */
  write(chunk: Uint8Array): void {
    try {
      this.tar.write(chunk);
    } catch {
      return;
    }
  }

  /** @throws CliError `cli.unsafe-archive` */
  end(name: string): void {
    try {
      this.tar.end();
    } catch (error) {
      throw error instanceof TarError ? broken(name, error) : error;
    }
  }

  private look({ path, pathFlaw, type }: TarEntry): void {
    const isFile = type === 'file' || type === 'contiguous-file';
    if (pathFlaw !== null) throw unsafe(path, 'is no proper text');
    if (!isFile && type !== 'directory') throw unsafe(path, `is a ${type}`);
    const steps = stepsOf(path);
    if (isFile && (steps.length === 0 || path.endsWith('/'))) throw unsafe(path, 'is a file without a name');
    for (let depth = 1; depth <= steps.length; depth++) {
      this.claim(steps.slice(0, depth).join('/'), isFile && depth === steps.length);
    }
  }

  private claim(name: string, isFile: boolean): void {
    const folded = name.normalize('NFC').toLowerCase().normalize('NFC');
    const before = this.names.get(folded);
    this.names.set(folded, { name, isFile });
    if (before === undefined) return;
    if (before.name !== name) throw unsafe(name, `and "${before.name}" are one name where case does not count`);
    if (isFile || before.isFile)
      throw unsafe(name, isFile && before.isFile ? 'is there twice' : 'is a file and a directory');
  }
}

export function broken(name: string, error: TarError): CliError {
  return new CliError('cli.unsafe-archive', `${name} cannot be unpacked: ${error.message}`, { cause: error });
}
