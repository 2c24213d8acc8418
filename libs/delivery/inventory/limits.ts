/** Bounds within which a delivery is looked at; beyond them it is refused, and nothing more of it is kept. */
export interface DeliveryLimits {
  /** Entries of all parts together. */
  entries: number;
  /** Characters of all paths together, which bounds what a listing takes in memory. */
  listingCharacters: number;
  /** Bytes of one path, in UTF-8. Linux takes 4096 with the final NUL. */
  pathBytes: number;
  /** Bytes of one name of a path, in UTF-8. */
  nameBytes: number;
  /** Bytes of one file. */
  fileBytes: number;
  /** Bytes of all files together. */
  deliveryBytes: number;
  /** Files whose content is looked into. */
  contentFiles: number;
  /** Characters of all facts that are kept of contents. */
  contentCharacters: number;
  /** Bytes that all inner archives (weblog, calibration tables) may expand to together. */
  expandedBytes: number;
  /** Entries of all inner archives together. */
  expandedEntries: number;
}

/** The largest real part known is 146 GiB (alma-facts §2); the largest real listing some thousands of files. */
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
  expandedEntries: 5_000_000,
};
