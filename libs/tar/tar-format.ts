/** The size of an archive's blocks, in bytes. */
export const BLOCK = 512;

/** The end of an archive: two blocks of zeros. */
export const END_BLOCKS = 2 * BLOCK;

/** An archive is padded to a multiple of this: 20 blocks, the default of POSIX and of GNU tar. */
export const RECORD = 20 * BLOCK;

/** Zeros to pass to sinks and to compare with. Shared: never write to it. */
export const ZEROS: Buffer = Buffer.alloc(1024 * 1024);

/** Returns the number of bytes from `length` to the next block boundary. */
export function paddingAfter(length: number): number {
  return (BLOCK - (length % BLOCK)) % BLOCK;
}

/** Returns the index of the first byte at or after `from` that is not zero; -1 when there is none. */
export function firstNonZero(bytes: Buffer, from = 0): number {
  for (let at = from; at < bytes.length; at += ZEROS.length) {
    const end = Math.min(at + ZEROS.length, bytes.length);
    if (bytes.compare(ZEROS, 0, end - at, at, end) === 0) continue;
    for (let i = at; i < end; i++) if (bytes[i] !== 0) return i;
  }
  return -1;
}

/** Limits on what an archive may contain. The reader throws a TarError when one is exceeded. */
export interface TarLimits {
  /** Members in one archive. */
  maxEntries: number;
  /** Bytes of one member, stored or logical. */
  maxMemberSize: number;
  /**
   * Bytes of holes in all sparse members together. A hole takes no storage, but is passed to the sink as zeros; hashing
   * them takes about a second for each GiB.
   */
  maxHoleBytes: number;
  /** Bytes of a member's name, and of a link's target. */
  maxPathBytes: number;
  /** Components of a member's name, separated by slashes. */
  maxPathDepth: number;
  /** Bytes of one pax extended header or one GNU long name. */
  maxMetadataBytes: number;
  /** Segments in one sparse map. */
  maxSparseSegments: number;
}

const KIB = 1024;
const GIB = KIB ** 3;

/** Far above real deliveries (2,500 files, parts of 146 GiB), and low enough to bound memory and time. */
export const DEFAULT_TAR_LIMITS: Readonly<TarLimits> = {
  maxEntries: 1_000_000,
  maxMemberSize: 2048 * GIB,
  maxHoleBytes: 16 * GIB,
  maxPathBytes: 4096,
  maxPathDepth: 64,
  maxMetadataBytes: 1024 * KIB,
  maxSparseSegments: 65_536,
};
