import { chunkSizeFor, type ObjectStore } from '@almagest/object-store';
import { freeSpace } from '@almagest/platform';
import { ArchiveLimitError } from '../ingest.error';

/** Checks, before the transfer of a delivery, that the store has room for it. During the transfer the store itself checks. */
export class StoreSpace {
  constructor(
    /** The directory of the store; null for an S3 bucket, which does not report its free space. */
    private readonly directory: string | null,
    /** Bytes that must stay free. */
    private readonly minFree: number,
  ) {}

  /** @throws ArchiveLimitError `archive.no-room` when the missing bytes of these parts do not fit */
  async assertFits(store: ObjectStore, parts: readonly { key: string; size: number }[]): Promise<void> {
    if (this.directory === null) return;
    const free = await freeSpace(this.directory);
    const announced = parts.reduce((sum, { size }) => sum + size, 0);
    if (announced + this.minFree <= free) return;
    const missing = await missingBytes(store, parts);
    if (missing + this.minFree <= free) return;
    throw new ArchiveLimitError(
      'archive.no-room',
      `${missing} bytes need space and ${this.minFree} must stay free, but only ${free} are free`,
    );
  }
}

/** Returns the bytes of the parts that earlier runs of the job have not stored. */
async function missingBytes(store: ObjectStore, parts: readonly { key: string; size: number }[]): Promise<number> {
  let missing = 0;
  for (const { key, size } of parts) {
    if ((await store.head(key)) !== null) continue;
    const upload = await store.findUpload(key, chunkSizeFor(size));
    const stored = upload === null ? [] : await store.listChunks(upload);
    missing += Math.max(0, size - stored.reduce((sum, chunk) => sum + chunk.size, 0));
  }
  return missing;
}
