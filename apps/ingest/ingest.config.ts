import { LARGE_CHUNK } from '@almagest/object-store';
import { PlatformError } from '@almagest/platform';

export interface IngestSettings {
  /** Deliveries taken in at the same time. */
  concurrency: number;
  /** Parts read at the same time, of all deliveries together. */
  parts: number;
  /** Bytes of the chunks in memory, of all parts together. */
  bufferBytes: number;
  /** Bytes of a part packed from a tree. */
  maxPartSize: number;
  /** Unfinished uploads that nobody waits for are kept this long, in days. */
  uploadKeepDays: number;
}

/** How much of the machine ingest takes, and how it packs. */
export class IngestConfig {
  /** @throws PlatformError `platform.config-invalid` when the buffers do not allow any part to be read */
  constructor(readonly settings: IngestSettings) {
    const least = 2 * LARGE_CHUNK;
    if (settings.bufferBytes < least) {
      throw new PlatformError('platform.config-invalid', `INGEST_BUFFER_BYTES must be ${least} or more`);
    }
  }
}
