import { END_BLOCKS, paddingAfter, RECORD } from '../blocks';
import { TarError } from '../tar.error';
import { encodeHeaders } from './header-encoder';
import type { PlannedEntry, TreeEntry } from './planned-entry';
import type { TreeChain } from './tree-walk';

/** A part while files are being added to it. */
export class PartDraft {
  readonly entries: PlannedEntry[] = [];
  private readonly directories = new Set<string>();
  private bytes = 0;

  /** Bytes of the whole tar, its end and the filling of its last record included. */
  get size(): number {
    return archiveSize(this.bytes);
  }

  /** Bytes of the whole tar if these were added. */
  sizeWith(entries: TreeChain): number {
    return archiveSize(
      entries.reduce((bytes, entry) => bytes + encodeHeaders(entry).length + dataLength(entry), this.bytes),
    );
  }

  hasDirectory(path: string): boolean {
    return this.directories.has(path);
  }

  add(entry: TreeEntry): void {
    const headerOffset = this.bytes;
    const offset = headerOffset + encodeHeaders(entry).length;
    this.entries.push({ ...entry, headerOffset, offset });
    if (entry.type === 'directory') this.directories.add(entry.path);
    this.bytes = offset + dataLength(entry);
  }
}

/** `m_of_n` is read with up to four digits. */
const MAX_PARTS = 9999;

/** Fills parts in the order of the tree. A directory is in every part that something in it is in. */
export class PartSplitter {
  private readonly full: PartDraft[] = [];
  private current = new PartDraft();
  private count = 0;

  /** @param maxEntries files and directories in all parts together */
  constructor(
    private readonly maxPartSize: number,
    private readonly maxEntries: number,
  ) {}

  /** @throws TarError `tar.too-many-entries`, `tar.plan-invalid` when there would be more parts than can be named */
  add(chain: TreeChain): void {
    let missing = this.missing(chain);
    if (this.current.entries.length > 0 && this.current.sizeWith(missing) > this.maxPartSize) {
      this.startPart();
      missing = chain;
    }
    this.count += missing.length;
    if (this.count > this.maxEntries) {
      const expected = `at most ${this.maxEntries} files and directories`;
      throw new TarError('tar.too-many-entries', { expected, found: 'more' });
    }
    for (const entry of missing) this.current.add(entry);
  }

  finish(): PartDraft[] {
    return [...this.full, this.current];
  }

  private startPart(): void {
    this.full.push(this.current);
    this.current = new PartDraft();
    if (this.full.length < MAX_PARTS) return;
    const expected = `a maxPartSize that makes at most ${MAX_PARTS} parts`;
    throw new TarError('tar.plan-invalid', { expected, found: `${this.maxPartSize}` });
  }

  private missing(chain: TreeChain): TreeChain {
    return chain.filter((entry) => entry.type === 'file' || !this.current.hasDirectory(entry.path));
  }
}

function dataLength(entry: TreeEntry): number {
  return entry.size + paddingAfter(entry.size);
}

function archiveSize(bytes: number): number {
  return Math.ceil((bytes + END_BLOCKS) / RECORD) * RECORD;
}
