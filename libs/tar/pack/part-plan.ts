import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { productTarName, Uid } from '@almagest/ous';
import { DEFAULT_TAR_LIMITS, END_BLOCKS, paddingAfter, RECORD } from '../tar-format';
import { quote, TarError } from '../tar.error';
import { encodeHeaders } from './header-encoder';
import { type LeaveOut, TreeChain, TreeEntry, walkTree } from './tree-walk';

export interface PlanOptions {
  /** Project code; also the name of the directory in `root`. */
  project: string;
  /** The MemberOUS or GroupOUS in the name of the delivery. */
  ous: Uid;
  /**
   * The directory to pack, as a name in the tar: begins with the project, components separated by `/`. Default: the
   * project's directory. Directories above it are packed as entries with its modification time, without their other
   * content: adding or removing a sibling changes nothing.
   */
  treeRoot?: string;
  /** Largest size of a part in bytes; a single larger file gets a larger part. At least one record, 10,240. */
  maxPartSize: number;
  /** Called for each file, link and directory below `treeRoot`; true leaves it out. Default: nothing is left out. */
  leaveOut?: LeaveOut;
}

/** A file or directory at its place in a part. Offsets are in bytes from the beginning of the part. */
export interface PlannedEntry extends TreeEntry {
  /** Offset of its first header. */
  headerOffset: number;
  /** Offset of its first data byte, as the reader reports it. */
  offset: number;
}

/** One tar of a delivery, ready to be packed by `packPart`. */
export interface PlannedPart {
  /** `<Project ID>_<OUS_UID>_m_of_n.tar` (§2). */
  name: string;
  /** Bytes of the complete tar. */
  size: number;
  /** Its directories and files, in order. */
  entries: readonly PlannedEntry[];
  /** Path of the directory that contains the project's directory, without links. */
  root: string;
  /** The planned directory, as a name in the tar. */
  treeRoot: string;
  /**
   * SHA-256 (hex) over names, types, modes, sizes and modification times. If a later plan has the same fingerprint, the
   * part has the same bytes: compare it before you resume a part of an earlier plan.
   */
  fingerprint: string;
}

/**
 * Plans the packing of an unpacked delivery into the tars of §2: walks the tree, and splits it at file boundaries.
 * `root` is the directory that *contains* `<project>/`; names in the tars begin with `<project>/` (§3). The same tree
 * gives the same plan. Every part repeats the directories of its files; a file larger than `maxPartSize` gets a part of
 * its own. Memory grows with the number of files, not with their size.
 * @throws TarError `tar.plan-invalid`, `tar.tree-unreadable`, `tar.tree-unsupported` (links, devices, names that are
 *   not UTF-8), `tar.tree-changed`, `tar.too-many-entries`, `tar.path-too-deep`
 */
export async function planParts(root: string, options: PlanOptions): Promise<PlannedPart[]> {
  const treeRoot = options.treeRoot ?? options.project;
  checkOptions(options, treeRoot);
  const splitter = new PartSplitter(options.maxPartSize, DEFAULT_TAR_LIMITS.maxEntries);
  for await (const chain of walkTree(root, treeRoot, options.leaveOut)) splitter.add(chain);
  const drafts = splitter.finish();
  const parts: PlannedPart[] = [];
  for (const { size, entries } of drafts) {
    const name = productTarName(options.project, options.ous, parts.length + 1, drafts.length);
    parts.push({ name, size, entries, root, treeRoot, fingerprint: await fingerprint(entries) });
  }
  return parts;
}

function checkOptions({ project, maxPartSize }: PlanOptions, treeRoot: string): void {
  if (!Number.isSafeInteger(maxPartSize) || maxPartSize < RECORD) {
    throw invalid(`a maxPartSize of at least ${RECORD} bytes`, `${maxPartSize}`);
  }
  const names = treeRoot.split('/');
  if (names[0] !== project || names.some((name) => name === '' || name === '.' || name === '..')) {
    throw invalid(`a treeRoot that begins with "${project}", without empty, "." or ".." components`, quote(treeRoot));
  }
}

function invalid(expected: string, found: string): TarError {
  return new TarError('tar.plan-invalid', { expected, found });
}

/** Entries that are hashed without a break, in which other work of the process continues. */
const ENTRIES_AT_ONCE = 5_000;

async function fingerprint(entries: readonly TreeEntry[]): Promise<string> {
  const hash = createHash('sha256');
  for (const [index, { path, type, mode, size, mtimeNs }] of entries.entries()) {
    if (index % ENTRIES_AT_ONCE === 0) await turn();
    hash.update(`${type} ${mode} ${size} ${mtimeNs} ${path}\0`);
  }
  return hash.digest('hex');
}

/** A part to which files are being added. */
class PartDraft {
  readonly entries: PlannedEntry[] = [];
  private readonly directories = new Set<string>();
  private bytes = 0;

  /** Bytes of the complete tar, including its end and the padding of its last record. */
  get size(): number {
    return archiveSize(this.bytes);
  }

  /** Bytes of the complete tar if these entries were added. */
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

/** The numbers in `m_of_n` have at most four digits. */
const MAX_PARTS = 9999;

/** Fills parts in the order of the tree. A directory is repeated in every part that contains something of it. */
export class PartSplitter {
  private readonly full: PartDraft[] = [];
  private current = new PartDraft();
  private count = 0;

  /** @param maxEntries files and directories in all parts together */
  constructor(
    private readonly maxPartSize: number,
    private readonly maxEntries: number,
  ) {}

  /** @throws TarError `tar.too-many-entries`; `tar.plan-invalid` when there are more parts than can be numbered */
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
    const expected = `a maxPartSize that gives at most ${MAX_PARTS} parts`;
    throw new TarError('tar.plan-invalid', { expected, found: `${this.maxPartSize} bytes` });
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
