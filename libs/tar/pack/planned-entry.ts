/** One file or directory of a tree as it was found when its packing was planned. */
export interface TreeEntry {
  /** Name in the archive: from the project's directory on, `/` between its parts, none at its end. */
  path: string;
  type: 'file' | 'directory';
  /** Bytes; 0 for a directory. */
  size: number;
  /** Permission bits, 0 to 0o7777. */
  mode: number;
  /** Last modification, in nanoseconds since 1970. The archive keeps whole seconds, rounded down. */
  mtimeNs: bigint;
}

/** A file or directory at its place in a part. Offsets are bytes from the part's beginning. */
export interface PlannedEntry extends TreeEntry {
  /** Of its first header. */
  headerOffset: number;
  /** Of its first data byte, as the reader will give it. */
  offset: number;
}
