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

/** Bytes that are not UTF-8 (`path` only stands in for them then), or characters that are not to be in a name. */
export type NameFlaw = 'not-utf-8' | 'nul' | 'control-character';

/** One entry of a part or tree, as read; an entry of `@almagest/tar` is one. */
export interface DeliveryEntry {
  /** As the archive has it: `./` in front and `/` behind are allowed. */
  path: string;
  type: EntryType;
  /** Bytes of the file's content; of a sparse file, its logical length. */
  size: number;
  /** Why the stored name cannot be trusted as text; null or absent when it can. */
  pathFlaw?: NameFlaw | null;
}

/** A problem that ended the reading of a part, as the codec states it; the error of `@almagest/tar` is one. */
export interface BrokenArchive {
  /** Such as `tar.truncated-data`. */
  code: string;
  /** Byte of the part at which it was met; null when the codec does not say. */
  offset: number | null;
  expected: string;
  found: string;
}

export interface PostedBlock {
  uid: Uid;
  use: 'used' | 'additional';
  /** Size of its raw ASDM, for the disk space that restoring needs (§5.3). */
  asdmBytes?: number;
}

/** What was posted for this delivery: the QA2 result's ObsUnitSets and execution blocks. */
export interface PostedDelivery {
  project: string;
  level: 'member' | 'group';
  scienceGoal: Uid;
  group: Uid;
  /** The MemberOUS, or at level `group` the GroupOUS itself. */
  ous: Uid;
  executionBlocks: readonly PostedBlock[];
}
