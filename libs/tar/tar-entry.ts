export type TarEntryType =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'hardlink'
  | 'character-device'
  | 'block-device'
  | 'fifo'
  | 'contiguous-file'
  | 'other';

/** Why a stored name cannot be trusted as text. */
export type NameFlaw = 'not-utf-8' | 'nul' | 'control-character';

/** A stretch of a sparse member that is stored; everything between stretches is zeros. Bytes. */
export interface TarSegment {
  /** Offset in the member's logical content. */
  at: number;
  /** Offset in the archive. */
  offset: number;
  length: number;
}

/** One member of an archive, as stored. Sizes and offsets are bytes. */
export interface TarEntry {
  /**
   * The name, from pax records, GNU long names or ustar's prefix where they apply. Trailing slashes of a directory are
   * removed; otherwise exactly as stored: a leading `./` is kept. Bytes that are not UTF-8 show as U+FFFD.
   */
  path: string;
  /** Null when the stored name is valid UTF-8 without NUL or control characters. */
  pathFlaw: NameFlaw | null;
  type: TarEntryType;
  /** Logical size: that of the expanded content when the member is sparse. */
  size: number;
  /** Offset in the archive of the first stored data byte. */
  offset: number;
  /** Data bytes stored in the archive, sparse maps not counted. Equals `size` when the member is not sparse. */
  storedSize: number;
  /** The stored stretches of a sparse member in order, none of them empty; null when the member is not sparse. */
  segments: readonly TarSegment[] | null;
  /** Permission bits, 0 to 0o7777. */
  mode: number;
  /** To the millisecond where pax records say so; null when it lies beyond what a Date can hold. */
  mtime: Date | null;
  /** Target of a hard or symbolic link; null for every other type. */
  linkPath: string | null;
  /** Where the member begins: the offset of its first extension header, or of its header when it has none. */
  headerOffset: number;
}

/**
 * Receives one member's logical content in order; the holes of a sparse member come as zeros. A chunk is a view of what
 * was written to the reader (or of a shared block of zeros): read it before returning, never write to it.
 */
export interface TarEntrySink {
  data(chunk: Uint8Array): void;
  /** The content is complete. Called for members without content too; never called when the archive is cut short. */
  end(): void;
}

/** What a whole, valid archive amounted to. */
export interface TarSummary {
  /** Members; extension headers are not counted. */
  entries: number;
  /** Length of the archive. */
  bytes: number;
  /** Offset of the two zero blocks that close the archive. */
  endOffset: number;
  /** Zero bytes after these two blocks, which fill the last record. */
  padding: number;
}
