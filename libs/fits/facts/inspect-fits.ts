import { pipeline, Readable, Transform, TransformCallback } from 'node:stream';
import { pipeline as runPipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { FitsError } from '../fits.error';
import { FitsLimits } from '../reader/hdu';
import { FitsInspection, FitsInspector } from './fits-inspector';

export interface InspectOptions {
  /** How the file is stored: `.fits.gz` files are gzip. */
  compression?: 'none' | 'gzip';
  /** Limit for the decompressed size of a gzip file, in bytes. */
  maxExpandedBytes?: number;
  limits?: Partial<FitsLimits>;
  signal?: AbortSignal;
}

/** An image of a few thousand channels takes tens of GiB; a file that expands far beyond is a decompression bomb. */
const MAX_EXPANDED_BYTES = 256 * 1024 ** 3;

/**
 * Inspects a FITS file from a stream, also a `.fits.gz`, with back-pressure. Throws `FitsError`; errors of the source
 * pass through unchanged. The source is destroyed on any error or abort.
 */
export async function inspectFits(source: Readable, options: InspectOptions = {}): Promise<FitsInspection> {
  const inspector = new FitsInspector({ limits: options.limits });
  await runPipeline(
    decompressed(source, options),
    async (chunks: AsyncIterable<Uint8Array>) => {
      for await (const chunk of chunks) inspector.write(chunk);
    },
    { signal: options.signal },
  );
  return inspector.end();
}

/**
 * Returns the bytes of a FITS file from its stored form. The stream fails with `fits.gzip` when a gzip file cannot be
 * decompressed, and with `fits.limit` when it expands beyond the limit; errors of the source pass through. Destroying
 * the result destroys the source.
 */
export function decompressed(source: Readable, options: InspectOptions): Readable {
  if (options.compression !== 'gzip') return source;
  const gunzip = createGunzip();
  const limit = new ExpansionLimit(options.maxExpandedBytes ?? MAX_EXPANDED_BYTES);
  // pipeline passes every error on to the last stage, whose reader gets it.
  pipeline(source, gunzip, limit, () => undefined);
  return limit;
}

class ExpansionLimit extends Transform {
  private size = 0;

  constructor(private readonly maxBytes: number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.size += chunk.length;
    if (this.size <= this.maxBytes) done(null, chunk);
    else done(new FitsError('fits.limit', `the gzip file expands to more than ${this.maxBytes} bytes`, this.maxBytes));
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    done(isZlibError(error) ? new FitsError('fits.gzip', 'the gzip data are corrupt', this.size, error) : error);
  }
}

function isZlibError(error: Error | null): error is Error {
  return error !== null && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
}
