import { type DeliveryReport, type Finding, type Qa2Result, storeFolder } from '@almagest/contracts';
import { OBJECT_STORE, type ObjectStore } from '@almagest/object-store';
import { failpoint, type Logger, LOGGER } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { PartOrder } from '../parts/part-orders';
import { PartTransfer, type TransferredPart } from '../parts/part-transfer';
import { ChunkMemory } from '../resources/chunk-memory';
import { StoreSpace } from '../resources/store-space';
import { differencesFromPosted, inspectionOf } from './delivery-report';
import { type ImageOf, manifestOwner, type StoredManifest, storeManifest } from './manifest-writer';

/** A delivery: its id, and what was posted. */
export interface PostedResult {
  id: string;
  result: Qa2Result;
}

/** A delivery whose parts are all in the store; none of them is visible yet. */
export interface TransferredDelivery {
  report: DeliveryReport;
  /** Differences between the parts and what was posted for them. */
  findings: Finding[];
  parts: TransferredPart[];
  imageOf: ImageOf;
}

/** Transfers the parts of a delivery to the store: all of them or none. */
@Injectable()
export class DeliveryTransfer {
  constructor(
    private readonly parts: PartTransfer,
    private readonly space: StoreSpace,
    private readonly memory: ChunkMemory,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Transfers every part in one pass, several at the same time, and checks the delivery as a whole.
   * @throws SourceError, PartTooLongError, ObjectStoreError, TarError when a tree changed, ArchiveLimitError; when one part
   *   fails, the others have been stopped
   */
  async transfer(
    { result }: PostedResult,
    orders: readonly PartOrder[],
    signal: AbortSignal,
  ): Promise<TransferredDelivery> {
    await this.space.assertFits(this.store, orders);
    const inspection = inspectionOf(result);
    const open = orders.map((order) => ({ order, part: inspection.openPart(order.name) }));
    const parts = await allOrNone(signal, open, async ({ order, part }, stop) => {
      const transferred = await this.parts.transfer(order, inspection, part, stop);
      const { facts, upload } = transferred;
      this.logger.info({ part: order.name, bytes: facts.size, ...upload?.progress }, 'part transferred');
      return transferred;
    });
    const report = await inspection.finish();
    const findings = parts.flatMap(differencesFromPosted);
    return { report, findings, parts, imageOf: (file) => inspection.imageOf(file) };
  }

  /** Makes the parts visible, and writes the manifest that lists them. */
  async publish(
    delivery: PostedResult,
    { report, parts, imageOf }: TransferredDelivery,
    signal: AbortSignal,
  ): Promise<StoredManifest> {
    for (const { upload } of parts) {
      await upload?.complete();
      failpoint('ingest.first-part-completed');
    }
    failpoint('ingest.parts-completed');
    // A crash while a part was made visible leaves an upload that the part no longer needs.
    if (parts.some(({ upload }) => upload === null)) await this.abortUploads(storeFolder(delivery.result));
    const manifest = await storeManifest(this.store, this.memory, delivery, { report, parts, imageOf }, signal);
    failpoint('ingest.manifest-written');
    return manifest;
  }

  /**
   * Removes what runs of the job have written to the store. A folder with the manifest of another delivery is left as it
   * is: that delivery was announced once, even if this database has no record of it.
   */
  async clear({ id, result }: PostedResult): Promise<void> {
    const folder = storeFolder(result);
    await this.abortUploads(folder);
    const owner = await manifestOwner(this.store, folder);
    if (owner !== null && owner !== id) return;
    for await (const { key } of this.store.list(`${folder}/`)) await this.store.delete(key);
  }

  private async abortUploads(folder: string): Promise<void> {
    for await (const upload of this.store.listUploads(`${folder}/`)) await this.store.abortUpload(upload);
  }
}

/** Works on all items at once. The first failure stops the others, and is thrown when they have ended. */
async function allOrNone<T, R>(
  signal: AbortSignal,
  items: readonly T[],
  work: (item: T, stop: AbortSignal) => Promise<R>,
): Promise<R[]> {
  const controller = new AbortController();
  const stop = (): void => controller.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const works = items.map((item) => work(item, controller.signal));
    await Promise.all(works).catch((error: unknown) => controller.abort(error));
    await Promise.allSettled(works);
    controller.signal.throwIfAborted();
    return await Promise.all(works);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
