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

/** A stored segment of a sparse member; everything between segments is zeros. All values in bytes. */
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
   * removed; otherwise it is exactly as stored: a leading `./` is kept. Bytes that are not UTF-8 become U+FFFD.
   */
  path: string;
  /** Null when the stored name is valid UTF-8 without NUL or control characters. */
  pathFlaw: NameFlaw | null;
  type: TarEntryType;
  /** Logical size: for a sparse member, the size of the expanded content. */
  size: number;
  /** Offset in the archive of the first stored data byte. */
  offset: number;
  /** Data bytes stored in the archive, without sparse maps. Equals `size` when the member is not sparse. */
  storedSize: number;
  /** The stored segments of a sparse member in order, none of them empty; null when the member is not sparse. */
  segments: readonly TarSegment[] | null;
  /** Permission bits, 0 to 0o7777. */
  mode: number;
  /** To the millisecond where a pax record gives it; null when it is outside the range of a Date. */
  mtime: Date | null;
  /** Target of a hard or symbolic link; null for every other type. */
  linkPath: string | null;
  /** Offset of the member's first extension header, or of its header when it has none. */
  headerOffset: number;
}

/**
 * Receives one member's logical content in order, with zeros for the holes of a sparse member. A chunk is a view of the
 * bytes written to the reader (or of a shared block of zeros): use it before returning, and never write to it.
 */
export interface TarEntrySink {
  data(chunk: Uint8Array): void;
  /** The content is complete. Also called for members without content; never called when the archive is truncated. */
  end(): void;
}

/** Totals of a complete, valid archive. */
export interface TarSummary {
  /** Number of members, without extension headers. */
  entries: number;
  /** Length of the archive. */
  bytes: number;
  /** Offset of the two zero blocks that close the archive. */
  endOffset: number;
  /** Zero bytes after these two blocks, which pad the last record. */
  padding: number;
}
