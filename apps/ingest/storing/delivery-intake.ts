import { type DeliveryReport, type Finding, ousOf, type Qa2Result, storeFolder } from '@almagest/contracts';
import { DeliveryInspection, rules } from '@almagest/delivery';
import { OBJECT_STORE, type ObjectStore } from '@almagest/object-store';
import { failpoint, type Logger, LOGGER } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { ChunkMemory } from '../limits/chunk-memory';
import { StoreRoom } from '../limits/store-room';
import { notAsPosted } from './archive-findings';
import { manifestOwner, type StoredManifest, storeManifest } from './manifest-writer';
import { PartIntake, type TakenPart } from './part-intake';
import type { PartOrder } from './part-order';

/** A delivery as it lies with ingest: its id, and what was posted. */
export interface PostedResult {
  id: string;
  result: Qa2Result;
}

/** A delivery that was read whole; nothing of it is visible yet. */
export interface ReadDelivery {
  report: DeliveryReport;
  /** What its bytes are against what was posted for them. */
  findings: Finding[];
  taken: TakenPart[];
}

/** Brings a delivery's parts into the store: all of them or none. */
@Injectable()
export class DeliveryIntake {
  constructor(
    private readonly parts: PartIntake,
    private readonly room: StoreRoom,
    private readonly memory: ChunkMemory,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Reads every part once, several at the same time, and checks the delivery as a whole.
   * @throws SourceError, PartTooLongError, ObjectStoreError, TarError when a tree changed, ArchiveLimitError; when one part
   *   fails the others are stopped and have ended
   */
  async read({ result }: PostedResult, orders: readonly PartOrder[], signal: AbortSignal): Promise<ReadDelivery> {
    await this.room.mustHold(this.store, orders);
    const inspection = inspectionOf(result);
    const open = orders.map((order) => ({ order, part: inspection.openPart(order.name) }));
    const taken = await allOrNone(signal, open, async ({ order, part }, stop) => {
      const takenPart = await this.parts.take(order, inspection, part, stop);
      this.logger.info({ part: order.name, bytes: takenPart.facts.size, ...takenPart.upload?.progress }, 'part read');
      return takenPart;
    });
    return { report: await inspection.finish(), findings: taken.flatMap(notAsPosted), taken };
  }

  /** Makes the parts visible, and writes the manifest that names them. */
  async complete(
    delivery: PostedResult,
    { report, taken }: ReadDelivery,
    signal: AbortSignal,
  ): Promise<StoredManifest> {
    for (const { upload } of taken) {
      await upload?.complete();
      failpoint('ingest.first-part-completed');
    }
    failpoint('ingest.parts-completed');
    // A crash while a part was made visible leaves its upload behind, with a part that needs it no more.
    if (taken.some(({ upload }) => upload === null)) await this.dropUploads(storeFolder(delivery.result));
    const manifest = await storeManifest(this.store, this.memory, delivery, report, taken, signal);
    failpoint('ingest.manifest-written');
    return manifest;
  }

  /**
   * Takes what runs of the job have put there out of the store. What a manifest of another delivery names is left alone:
   * it was announced once, even if nobody here remembers.
   */
  async clear({ id, result }: PostedResult): Promise<void> {
    const folder = storeFolder(result);
    await this.dropUploads(folder);
    const owner = await manifestOwner(this.store, folder);
    if (owner !== null && owner !== id) return;
    for await (const { key } of this.store.list(`${folder}/`)) await this.store.delete(key);
  }

  private async dropUploads(folder: string): Promise<void> {
    for await (const upload of this.store.listUploads(`${folder}/`)) await this.store.abortUpload(upload);
  }
}

/** The report of a delivery that could not be read at all. */
export async function emptyReport(result: Qa2Result): Promise<DeliveryReport> {
  const report = await inspectionOf(result).finish();
  const unchecked = rules.map(({ code }) => code);
  return { ...report, findings: [], omitted: [], unchecked, counts: { reject: 0, warn: 0, note: 0 } };
}

function inspectionOf(result: Qa2Result): DeliveryInspection {
  const { project, level, scienceGoal, group } = result;
  const executionBlocks = result.executionBlocks.map(({ uid, use, asdm }) => ({ uid, use, asdmBytes: asdm.size }));
  return new DeliveryInspection({
    posted: { project, level, scienceGoal, group: group.uid, ous: ousOf(result), executionBlocks },
  });
}

/** Works on all at once. The first failure stops the others; it is thrown when they have ended. */
async function allOrNone<T, R>(
  signal: AbortSignal,
  items: readonly T[],
  work: (item: T, stop: AbortSignal) => Promise<R>,
): Promise<R[]> {
  const controller = new AbortController();
  const stop = (): void => controller.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const pieces = items.map((item) => work(item, controller.signal));
    await Promise.all(pieces).catch((error: unknown) => controller.abort(error));
    await Promise.allSettled(pieces);
    controller.signal.throwIfAborted();
    return await Promise.all(pieces);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
