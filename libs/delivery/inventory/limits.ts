/** Limits of a delivery. A delivery that exceeds them is rejected, or its content is not inspected any further. */
export interface DeliveryLimits {
  /** Entries of all parts together. */
  entries: number;
  /** Characters of all paths together, which limits the memory that a listing needs. */
  listingCharacters: number;
  /** Bytes of one path, in UTF-8. Linux allows 4096 with the final NUL. */
  pathBytes: number;
  /** Bytes of one name of a path, in UTF-8. */
  nameBytes: number;
  /** Bytes of one file. */
  fileBytes: number;
  /** Bytes of all files together. */
  deliveryBytes: number;
  /** Number of files whose content is inspected. */
  contentFiles: number;
  /** Characters of all facts that are kept from contents. */
  contentCharacters: number;
  /** Total bytes that all gzipped files (weblog, calibration tables, images) may expand to. */
  expandedBytes: number;
  /** Bytes that they may expand to however small they are. */
  expansionBase: number;
  /** Bytes that they may expand to in addition, for each of their compressed bytes. */
  expansionRatio: number;
  /** Seconds that decompressing them may take, and one more for each MiB of them. */
  expansionSeconds: number;
  /** Entries of all inner archives together. */
  expandedEntries: number;
}

/**
 * The largest known part has 146 GiB (docs/standard/real-deliveries.md §2), the largest listing some thousand files.
 * Weblogs and calibration tables expand to less than ten times their size; only masks of the first GiB to more than 100.
 */
export const DEFAULT_LIMITS: DeliveryLimits = {
  entries: 250_000,
  listingCharacters: 64 * 1024 * 1024,
  pathBytes: 4095,
  nameBytes: 255,
  fileBytes: 2 ** 40,
  deliveryBytes: 2 ** 44,
  contentFiles: 20_000,
  contentCharacters: 32 * 1024 * 1024,
  expandedBytes: 2 ** 38,
  expansionBase: 2 ** 30,
  expansionRatio: 100,
  expansionSeconds: 30,
  expandedEntries: 5_000_000,
};
