import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expanded, ExpansionOptions } from '../reader/expansion';
import { FitsLimits } from '../reader/limits';
import { FitsInspection, FitsInspector } from './fits-inspector';

export interface InspectOptions extends ExpansionOptions {
  limits?: Partial<FitsLimits>;
  signal?: AbortSignal;
}

/**
 * Inspects a FITS file from a stream, `.fits.gz` included, with back-pressure. Throws `FitsError`; errors of the
 * source itself pass through as they are. The source is destroyed on any error or abort.
 */
export async function inspectFits(source: Readable, options: InspectOptions = {}): Promise<FitsInspection> {
  const inspector = new FitsInspector({ limits: options.limits });
  const stages = expanded(source, options);
  await pipeline(
    stages,
    async (chunks: AsyncIterable<Uint8Array>) => {
      for await (const chunk of chunks) inspector.write(chunk);
    },
    { signal: options.signal },
  );
  return inspector.end();
}
