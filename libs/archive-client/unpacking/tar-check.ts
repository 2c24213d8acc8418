import { isLitterEntry } from '@almagest/delivery';
import { type TarEntry, TarError, TarReader } from '@almagest/tar';
import { ArchiveClientError } from '../archive-client.error';
import { stepsOf, unsafeName } from './folder';

/**
 * Checks a tar before any of it is unpacked: it must be complete and contain only files and directories, and no name may
 * lead out of its folder or equal another on a file system that ignores case. Litter, which no delivery needs, does not
 * count: it is not unpacked.
 */
export class TarCheck {
  private readonly tar = new TarReader({
    onEntry: (entry) => {
      this.check(entry);
      return null;
    },
  });
  /** The spelling of each name and whether it is a file, by the name as a file system that ignores case sees it. */
  private readonly names = new Map<string, { name: string; isFile: boolean }>();
  /** The size of each file once it is unpacked, holes included, by its path. */
  readonly files = new Map<string, number>();

  /** Takes the next bytes. It does not throw: the reader fails again, with the same error, in `end`. */
  write(chunk: Uint8Array): void {
    try {
      this.tar.write(chunk);
    } catch {
      return;
    }
  }

  /** The bytes of all files once they are unpacked. */
  get unpackedBytes(): number {
    let bytes = 0;
    for (const size of this.files.values()) bytes += size;
    return bytes;
  }

  /**
   * Checks that the tar contains exactly these files, with these sizes. A hole costs nothing in a tar, but its size on
   * the disk: a tar that contains more than was announced could fill any disk.
   * @param name of the tar, for the message
   * @throws ArchiveClientError `archive-client.unsafe-archive`
   */
  assertContains(name: string, files: readonly { path: string; size: number }[]): void {
    const announced = new Map(files.map(({ path, size }) => [stepsOf(path).join('/'), size]));
    for (const [path, size] of this.files) {
      const expected = announced.get(path);
      if (expected === undefined) throw unsafeName(path, `is in ${name}, but the archive does not list it`);
      if (expected !== size)
        throw unsafeName(path, `has ${size} bytes in ${name}, and ${expected} in the archive's list`);
    }
    const missing = [...announced.keys()].find((path) => !this.files.has(path));
    if (missing !== undefined) throw unsafeName(missing, `is not in ${name}, where the archive lists it`);
  }

  /**
   * Ends the check.
   * @param name of the tar, for the message
   * @throws ArchiveClientError `archive-client.unsafe-archive` with the first fault of the tar
   */
  end(name: string): void {
    try {
      this.tar.end();
    } catch (error) {
      throw error instanceof TarError ? brokenTar(name, error) : error;
    }
  }

  private check({ path, pathFlaw, type, size }: TarEntry): void {
    const isFile = type === 'file' || type === 'contiguous-file';
    if (pathFlaw !== null) throw unsafeName(path, 'is not valid text');
    const steps = stepsOf(path);
    if (isLitterEntry(steps, type)) return;
    if (!isFile && type !== 'directory') throw unsafeName(path, `is a ${type}`);
    if (isFile && (steps.length === 0 || path.endsWith('/'))) throw unsafeName(path, 'is a file without a name');
    for (let depth = 1; depth <= steps.length; depth++) {
      this.claim(steps.slice(0, depth).join('/'), isFile && depth === steps.length);
    }
    if (isFile) this.files.set(steps.join('/'), size);
  }

  private claim(name: string, isFile: boolean): void {
    const folded = name.normalize('NFC').toLowerCase().normalize('NFC');
    const before = this.names.get(folded);
    this.names.set(folded, { name, isFile });
    if (before === undefined) return;
    if (before.name !== name) throw unsafeName(name, `equals "${before.name}" on a file system that ignores case`);
    if (isFile && before.isFile) throw unsafeName(name, 'occurs twice');
    if (isFile || before.isFile) throw unsafeName(name, 'is a file and a directory');
  }
}

/** The error for a tar that cannot be read. */
export function brokenTar(name: string, error: TarError): ArchiveClientError {
  const message = `${name} cannot be unpacked: ${error.message}`;
  return new ArchiveClientError('archive-client.unsafe-archive', message, { cause: error });
}
