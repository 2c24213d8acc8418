import { asdmDirectoryName, parseOusDirectory, type Uid } from '@almagest/ous';
import type { TarEntry, TarEntrySink } from '@almagest/tar';
import { AsdmError } from './asdm.error';

/** Which ASDM a tar should hold, and where. */
export interface ExpectedAsdm {
  executionBlock: Uid;
  /** `<project>/<science goal>/<group>/<member>/raw/<eb>.asdm.sdm` (§3, §5.1). */
  unpacksTo: string;
}

/**
 * Holds the members of a raw tar against §5.1 one by one: all lie in `raw/<eb>.asdm.sdm/`, either below the tree of §3
 * or, as older tars have it, with nothing in front. Directories and files only: what is unpacked stays in its tree.
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
    if (!isPlain || entry.pathFlaw !== null || segments.some((segment) => ['', '.', '..'].includes(segment))) {
      throw this.wrong(`a ${entry.type} "${path}"`);
    }
    const at = segments.indexOf('raw');
    if (at === -1) this.mustLeadThere(path, segments, entry.type);
    else this.mustBeInside(path, segments, at, entry.type);
    if (entry.type !== 'directory') this.files += 1;
    return null;
  }

  /** @throws AsdmError `raw.wrong-tree` when the tar holds nothing */
  finish(): void {
    if (this.files === 0) throw this.wrong('no file');
  }

  private mustLeadThere(path: string, segments: string[], type: TarEntry['type']): void {
    if (type !== 'directory' || !this.isOurTree(segments)) throw this.wrong(`"${path}"`);
  }

  private mustBeInside(path: string, segments: string[], at: number, type: TarEntry['type']): void {
    const above = segments.slice(0, at);
    const root = above.join('/');
    const [, directory] = segments.slice(at);
    const isComplete = directory === undefined ? type === 'directory' : this.isAsdm(directory);
    // The directory itself is no file.
    const isNothingElse = segments.length > at + 2 || type === 'directory';
    const isOurs = (above.length === 0 || above.length === 4) && this.isOurTree(above);
    if (!isComplete || !isNothingElse || !isOurs || (this.root ??= root) !== root) throw this.wrong(`"${path}"`);
  }

  private isAsdm(directory: string): boolean {
    return directory === asdmDirectoryName(this.expected.executionBlock);
  }

  /** Project, science goal, group, member, or the beginning of it; the document's placeholders name nobody (§3). */
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
      `the tar does not hold the ASDM of ${executionBlock} in its place (§5.1)`,
      `files below ${unpacksTo}/`,
      found.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 300),
    );
  }
}
