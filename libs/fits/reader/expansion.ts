import { pipeline, Readable, Transform, TransformCallback } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FitsError } from '../fits.error';

export interface ExpansionOptions {
  /** How the file is stored: `.fits.gz` files are gzip. */
  compression?: 'none' | 'gzip';
  /** Bytes a gzip file may expand to. */
  maxExpandedBytes?: number;
}

/** An image of a few thousand channels takes tens of GiB; what expands further is taken for a bomb. */
const MAX_EXPANDED_BYTES = 256 * 1024 ** 3;

/**
 * The bytes of a FITS file out of its stored form. A gzip file that does not decompress gives `fits.gzip`, one that
 * expands beyond the limit `fits.limit`; what the source itself throws passes through. Leaving or destroying the result
 * lets go of the source.
 */
export function expanded(source: Readable, options: ExpansionOptions): Readable {
  if (options.compression !== 'gzip') return source;
  const gunzip = createGunzip();
  const limit = new ExpansionLimit(options.maxExpandedBytes ?? MAX_EXPANDED_BYTES);
  // pipeline hands every error on to the last stage, where the reader of it sees it.
  pipeline(source, gunzip, limit, () => undefined);
  return limit;
}

class ExpansionLimit extends Transform {
  private size = 0;

  constructor(private readonly most: number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.size += chunk.length;
    if (this.size <= this.most) done(null, chunk);
    else done(new FitsError('fits.limit', `the gzip file expands beyond ${this.most} bytes`, this.most));
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    done(isZlibError(error) ? new FitsError('fits.gzip', 'the gzip data are broken', this.size, error) : error);
  }
}

function isZlibError(error: Error | null): error is Error {
  return error !== null && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
}
