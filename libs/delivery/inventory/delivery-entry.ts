import type { Uid } from '@almagest/ous';

/** What an entry of a tar part or of an unpacked tree can be. */
export type EntryType =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'hardlink'
  | 'character-device'
  | 'block-device'
  | 'fifo'
  | 'contiguous-file'
  | 'other';

/** Bytes that are not UTF-8 (`path` is then only a placeholder), or characters that are not allowed in a name. */
export type NameFlaw = 'not-utf-8' | 'nul' | 'control-character';

/** One entry of a part or tree, as read; compatible with an entry of `@almagest/tar`. */
export interface DeliveryEntry {
  /** As in the archive: a leading `./` and a trailing `/` are allowed. */
  path: string;
  type: EntryType;
  /** Size of the content in bytes; for a sparse file, its logical length. */
  size: number;
  /** Why the stored name is not valid text; null or absent when it is. */
  pathFlaw?: NameFlaw | null;
  /** Permission bits, 0 to 0o7777, if known. */
  mode?: number;
}

/** Returns true when a mode sets the user or group id of a process that runs the file. */
export function setsId(mode: number): boolean {
  return (mode & 0o6000) !== 0;
}

/** The problem that stopped the reading of a part; compatible with the error of `@almagest/tar`. */
export interface BrokenArchive {
  /** The code of the problem, such as `tar.truncated-data`. */
  code: string;
  /** Byte offset of the problem in the part; null when unknown. */
  offset: number | null;
  expected: string;
  found: string;
}

export interface PostedBlock {
  uid: Uid;
  use: 'used' | 'additional';
  /** Size of its raw ASDM in bytes, for the disk space that restoring needs (§5.3). */
  asdmBytes?: number;
}

/** What was posted for this delivery: the QA2 result's ObsUnitSets and execution blocks. */
export interface PostedDelivery {
  project: string;
  level: 'member' | 'group';
  scienceGoal: Uid;
  group: Uid;
  /** The MemberOUS, or at level `group` the GroupOUS. */
  ous: Uid;
  executionBlocks: readonly PostedBlock[];
}
