import { createHash } from 'node:crypto';
import { productTarName, Uid } from '@almagest/ous';
import { DEFAULT_TAR_LIMITS } from '../tar-limits';
import { TarError } from '../tar.error';
import { RECORD } from '../blocks';
import { PartSplitter } from './part-splitter';
import type { PlannedEntry, TreeEntry } from './planned-entry';
import { walkTree } from './tree-walk';

export interface PlanOptions {
  /** Project code, which is also the name of the directory below `root`. */
  project: string;
  /** The MemberOUS or GroupOUS the delivery is named by. */
  ous: Uid;
  /**
   * The directory to pack, as a name in the tar: begins with the project, `/` between its parts. The project's
   * directory unless given. Directories above it are packed as bare entries with its time, and what else is in them
   * is left out: a sibling that comes or goes changes nothing.
   */
  treeRoot?: string;
  /** Bytes that no part may exceed, unless one file alone does. At least one record, 10,240. */
  maxPartSize: number;
}

/** One tar of a delivery, ready to be packed by `packPart`. */
export interface PlannedPart {
  /** `<Project ID>_<OUS_UID>_m_of_n.tar` (§2). */
  name: string;
  /** Bytes of the whole tar. */
  size: number;
  /** Its directories and files, in order. */
  entries: readonly PlannedEntry[];
  /** The directory that contains the project's, on this machine. */
  root: string;
  /** The directory that was planned, as a name in the tar. */
  treeRoot: string;
  /**
   * SHA-256 (hex) over names, types, modes, sizes and modification times. While it is the same in a later plan, the
   * part's bytes are the same too: compare it before going on with a part that was begun under an earlier plan.
   */
  fingerprint: string;
}

/**
 * Plans the packing of an unpacked delivery into the tars of §2: looks at every file of the tree, and splits at file
 * boundaries. `root` is the directory that *contains* `<project>/`; names in the tars begin with `<project>/` (§3).
 * The same tree gives the same plan. Every part repeats the directories its files are in; a file over `maxPartSize`
 * gets a part of its own. Memory grows with the number of files, not with their size.
 * @throws TarError `tar.plan-invalid`, `tar.tree-unreadable`, `tar.tree-unsupported` (links, devices, names that are
 *   not UTF-8), `tar.tree-changed`, `tar.too-many-entries`, `tar.path-too-deep`
 */
export async function planParts(root: string, options: PlanOptions): Promise<PlannedPart[]> {
  const treeRoot = options.treeRoot ?? options.project;
  checkOptions(options, treeRoot);
  const splitter = new PartSplitter(options.maxPartSize, DEFAULT_TAR_LIMITS.maxEntries);
  for await (const chain of walkTree(root, treeRoot)) splitter.add(chain);
  const drafts = splitter.finish();
  return drafts.map((draft, index) => ({
    name: productTarName(options.project, options.ous, index + 1, drafts.length),
    size: draft.size,
    entries: draft.entries,
    root,
    treeRoot,
    fingerprint: fingerprint(draft.entries),
  }));
}

function checkOptions({ project, maxPartSize }: PlanOptions, treeRoot: string): void {
  if (!Number.isSafeInteger(maxPartSize) || maxPartSize < RECORD) {
    throw invalid(`a maxPartSize of at least ${RECORD} bytes`, `${maxPartSize}`);
  }
  const parts = treeRoot.split('/');
  if (parts[0] !== project || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw invalid(`a tree root of plain names that begins with "${project}"`, JSON.stringify(treeRoot));
  }
}

function invalid(expected: string, found: string): TarError {
  return new TarError('tar.plan-invalid', { expected, found });
}

function fingerprint(entries: readonly TreeEntry[]): string {
  const hash = createHash('sha256');
  for (const { path, type, mode, size, mtimeNs } of entries)
    hash.update(`${type} ${mode} ${size} ${mtimeNs} ${path}\0`);
  return hash.digest('hex');
}
