import { statfs } from 'node:fs/promises';
import { chunkSizeFor, type ObjectStore } from '@almagest/object-store';
import type { PartOrder } from '../storing/part-order';
import { ArchiveLimitError } from '../ingest.error';

/** Looks, before a delivery is begun, whether it will fit. While it is stored the store itself watches over its room. */
export class StoreRoom {
  constructor(
    /** The directory that holds the store; null when it is an S3 bucket, which does not tell its room. */
    private readonly directory: string | null,
    /** Bytes that are to stay free. */
    private readonly minFree: number,
  ) {}

  /**
   * @throws ArchiveLimitError `archive.no-room` when what is missing of these parts does not fit
   */
  async mustHold(store: ObjectStore, orders: readonly PartOrder[]): Promise<void> {
    if (this.directory === null) return;
    const { bavail, bsize } = await statfs(this.directory);
    const free = bavail * bsize;
    const announced = orders.reduce((sum, { size }) => sum + size, 0);
    if (announced + this.minFree <= free) return;
    const missing = await missingBytes(store, orders);
    if (missing + this.minFree <= free) return;
    throw new ArchiveLimitError(
      'archive.no-room',
      `${missing} bytes are to be stored and ${this.minFree} must stay free, but only ${free} are free`,
    );
  }
}

/** Bytes of the parts that earlier runs of the job have not brought into the store. */
async function missingBytes(store: ObjectStore, orders: readonly PartOrder[]): Promise<number> {
  let missing = 0;
  for (const { key, size } of orders) {
    if ((await store.head(key)) !== null) continue;
    const upload = await store.findUpload(key, chunkSizeFor(size));
    const there = upload === null ? [] : await store.listChunks(upload);
    missing += Math.max(0, size - there.reduce((sum, chunk) => sum + chunk.size, 0));
  }
  return missing;
}
