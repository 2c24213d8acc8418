import { isLitterEntry } from '@almagest/delivery';
import { asdmDirectoryName, parseOusDirectory, type Uid } from '@almagest/ous';
import type { TarEntry, TarEntrySink } from '@almagest/tar';
import { AsdmError } from './asdm.error';

/** The ASDM that a tar should contain, and its place. */
export interface ExpectedAsdm {
  executionBlock: Uid;
  /** `<project>/<science goal>/<group>/<member>/raw/<eb>.asdm.sdm` (§3, §5.1). */
  unpacksTo: string;
}

/**
 * Checks the members of a raw tar against §5.1 one by one: all are in `raw/<eb>.asdm.sdm/`, either below the tree of §3
 * or, in older tars, at the top. Only directories and files are allowed, so that unpacking stays within the tree.
 * What a system or an editor left there does not count.
 */
export class AsdmTree {
  private files = 0;
  private root: string | null = null;

  constructor(private readonly expected: ExpectedAsdm) {}

  /** @throws AsdmError `raw.wrong-tree` */
  entry(entry: TarEntry): TarEntrySink | null {
    const path = entry.path.replace(/^(?:\.\/)+/, '');
    if (path === '' || path === '.') return null;
    const isPlain = entry.type === 'directory' || entry.type === 'file' || entry.type === 'contiguous-file';
    const segments = path.split('/');
    const isUnsafe = entry.pathFlaw !== null || segments.some((segment) => ['', '.', '..'].includes(segment));
    if (!isUnsafe && isLitterEntry(segments, entry.type)) return null;
    if (isUnsafe || !isPlain) throw this.wrong(`a ${entry.type} "${path}"`);
    const at = segments.indexOf('raw');
    if (at === -1) this.assertLeadsToRaw(path, segments, entry.type);
    else this.assertInside(path, segments, at, entry.type);
    if (entry.type !== 'directory') this.files += 1;
    return null;
  }

  /** @throws AsdmError `raw.wrong-tree` when the tar is empty */
  finish(): void {
    if (this.files === 0) throw this.wrong('no file');
  }

  private assertLeadsToRaw(path: string, segments: string[], type: TarEntry['type']): void {
    if (type !== 'directory' || !this.isOurTree(segments)) throw this.wrong(`"${path}"`);
  }

  private assertInside(path: string, segments: string[], at: number, type: TarEntry['type']): void {
    const above = segments.slice(0, at);
    const root = above.join('/');
    const [, directory] = segments.slice(at);
    const isComplete = directory === undefined ? type === 'directory' : this.isAsdm(directory);
    // The directory of the ASDM must not be a file.
    const isNothingElse = segments.length > at + 2 || type === 'directory';
    const isOurs = (above.length === 0 || above.length === 4) && this.isOurTree(above);
    if (!isComplete || !isNothingElse || !isOurs || (this.root ??= root) !== root) throw this.wrong(`"${path}"`);
  }

  private isAsdm(directory: string): boolean {
    return directory === asdmDirectoryName(this.expected.executionBlock);
  }

  /** Matches project, science goal, group and member, or the beginning of these; a placeholder of the document matches any (§3). */
  private isOurTree(segments: string[]): boolean {
    const expected = this.expected.unpacksTo.split('/');
    return segments.every((segment, depth) => {
      if (depth > 3) return false;
      if (segment === expected[depth]) return true;
      const [is, should] = [parseOusDirectory(segment), parseOusDirectory(expected[depth] ?? '')];
      return is !== null && is.level === should?.level && (is.uid === null || is.uid === should.uid);
    });
  }

  private wrong(found: string): AsdmError {
    const { executionBlock, unpacksTo } = this.expected;
    return new AsdmError(
      'raw.wrong-tree',
      `the tar does not contain the ASDM of ${executionBlock} in its place (§5.1)`,
      `files below ${unpacksTo}/`,
      found.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 300),
    );
  }
}
