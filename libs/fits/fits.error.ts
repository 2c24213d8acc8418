/**
 * Why a FITS file cannot be read, or not to its end.
 * - `fits.not-fits`: the file does not begin with SIMPLE;
 * - `fits.structure`: a keyword that defines the size of the data is missing or invalid;
 * - `fits.truncated`: the file ends inside a header or inside data;
 * - `fits.limit`: the file exceeds a limit of the reader (header, HDUs, axes, data, decompressed size);
 * - `fits.gzip`: a `.fits.gz` that cannot be decompressed;
 * - `fits.cutout`: an image that cannot be cut out as requested;
 * - `fits.closed`: a call after the end or after an error.
 */
export type FitsErrorCode =
  'fits.not-fits' | 'fits.structure' | 'fits.truncated' | 'fits.limit' | 'fits.gzip' | 'fits.cutout' | 'fits.closed';

/**
 * A file that is not FITS, is damaged or is truncated. Never retryable: the same bytes fail again. `offset` is the byte
 * of the (decompressed) file where reading stopped. A readable departure from the standard is a `Remark` instead.
 */
export class FitsError extends Error {
  readonly retryable = false;

  constructor(
    readonly code: FitsErrorCode,
    message: string,
    readonly offset: number | null = null,
    override readonly cause?: unknown,
  ) {
    super(message);
    this.name = 'FitsError';
  }
}
