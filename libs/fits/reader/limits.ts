/** What the reader takes at most; a file beyond it is refused with `fits.limit`. */
export interface FitsLimits {
  /** Bytes of one header. CASA writes an image's whole history into it, so it is generous. */
  headerBytes: number;
  hdus: number;
  /** The standard allows 999; no image of the observatory has more than a handful. */
  axes: number;
  /** Bytes of data in one HDU. */
  dataBytes: number;
}

export const DEFAULT_LIMITS: Readonly<FitsLimits> = {
  headerBytes: 8 * 1024 * 1024,
  hdus: 1000,
  axes: 32,
  dataBytes: 4 * 1024 ** 4,
};
