/** Bounds on what an archive may ask of its reader. Going over one is a TarError. */
export interface TarLimits {
  /** Members in one archive. */
  maxEntries: number;
  /** Bytes of one member, stored or logical. */
  maxMemberSize: number;
  /**
   * Bytes of holes in all sparse members together. A hole costs nothing to store and is handed out as zeros within one
   * `write`, about a second for each GiB when it is hashed.
   */
  maxHoleBytes: number;
  /** Bytes of a member's name, and of a link's target. */
  maxPathBytes: number;
  /** Parts of a member's name between slashes. */
  maxPathDepth: number;
  /** Bytes of one pax extended header or one GNU long name. */
  maxMetadataBytes: number;
  /** Stretches in one sparse map. */
  maxSparseSegments: number;
}

const KIB = 1024;
const GIB = KIB ** 3;

/** Far above real deliveries (2,500 files, parts of 146 GiB), and low enough to hold memory and time. */
export const DEFAULT_TAR_LIMITS: Readonly<TarLimits> = {
  maxEntries: 1_000_000,
  maxMemberSize: 2048 * GIB,
  maxHoleBytes: 16 * GIB,
  maxPathBytes: 4096,
  maxPathDepth: 64,
  maxMetadataBytes: 1024 * KIB,
  maxSparseSegments: 65_536,
};
