/**
 * Why a FITS file cannot be read (further).
 * - `fits.not-fits`: the first record is not SIMPLE;
 * - `fits.structure`: a keyword that gives the size of the data is missing or cannot be read;
 * - `fits.truncated`: the file ends inside a header or inside data;
 * - `fits.limit`: larger than the reader was told to take (header, HDUs, axes, data, expanded gzip);
 * - `fits.gzip`: a `.fits.gz` that does not decompress;
 * - `fits.closed`: a call after the end or after an error.
 */
export type FitsErrorCode =
  'fits.not-fits' | 'fits.structure' | 'fits.truncated' | 'fits.limit' | 'fits.gzip' | 'fits.closed';

/**
 * A file that is not FITS or that breaks off. Never retryable: the same bytes fail again. `offset` is the byte of the
 * (decompressed) file where reading stopped. What can be read but departs from the standard is a `Remark` instead.
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
