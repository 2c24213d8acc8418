import { chunkSizeFor } from '@almagest/object-store';
import { PlatformError } from '@almagest/platform';
import { HASH_PAIR_BYTES } from './hashing/hash-pair';

/** Bytes that a part being read takes beside its chunks: what is being hashed, and what its source reads ahead. */
const READING_BYTES = HASH_PAIR_BYTES + 5 * 1024 * 1024;

export interface IngestSettings {
  /** Deliveries taken in at the same time. */
  concurrency: number;
  /** Parts read at the same time, of all deliveries together. */
  parts: number;
  /** Bytes of all buffers together. */
  bufferBytes: number;
  /** Bytes of a part packed from a tree. */
  maxPartSize: number;
  /** Unfinished uploads that nobody waits for are kept this long, in days. */
  uploadKeepDays: number;
}

/** How much of the machine ingest takes, and how it packs. */
export class IngestConfig {
  /** Bytes for chunks on their way to the store. */
  readonly chunkMemory: number;

  /** @throws PlatformError `platform.config-invalid` when the buffers do not allow any part to be read */
  constructor(readonly settings: IngestSettings) {
    this.chunkMemory = settings.bufferBytes - settings.parts * READING_BYTES;
    const least = 2 * chunkSizeFor(0);
    if (this.chunkMemory < least) {
      throw new PlatformError(
        'platform.config-invalid',
        `INGEST_BUFFER_BYTES must be ${least + settings.parts * READING_BYTES} or more to read ${settings.parts} parts at a time`,
      );
    }
  }
}
