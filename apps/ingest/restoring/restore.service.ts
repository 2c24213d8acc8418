import { type DataOf, lostPartSettled, type partLost } from '@almagest/contracts';
import { addJob } from '@almagest/jobs';
import { Outbox } from '@almagest/messaging';
import { OBJECT_STORE, type ObjectStore } from '@almagest/object-store';
import { failpoint, type Logger, LOGGER, messageOf } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DeliveriesRepository } from '../deliveries/deliveries.repository';
import { FailedRuns } from '../retry/failed-runs';
import { StoreRoom } from '../limits/store-room';
import { PartIntake } from '../storing/part-intake';
import { PartOrders } from '../storing/part-orders';
import { PartRestorationRow } from './part-restoration.entity';
import { RestorationsRepository } from './restorations.repository';

/** The job that reads one lost part again. */
export const RESTORE_TASK = 'ingest/restore';

export interface RestoreJob {
  id: string;
  traceparent: string;
}

/**
 * Brings lost parts back from where they were posted (docs/adr/0031). A part becomes visible only with the size and the
 * SHA-256 that the catalogue has of it, and where an object lies, nothing is written.
 */
@Injectable()
export class RestoreService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly restorations: RestorationsRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly orders: PartOrders,
    private readonly parts: PartIntake,
    private readonly room: StoreRoom,
    private readonly failedRuns: FailedRuns,
    private readonly outbox: Outbox,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Queues the restoration of a part, in the transaction that takes note of it; one that waits already is joined. */
  async enqueue(manager: EntityManager, lost: DataOf<typeof partLost>, traceparent: string): Promise<void> {
    const id = await this.restorations.insert(manager, lost);
    if (id === null) return;
    const payload = { id, traceparent } satisfies RestoreJob;
    await addJob(manager, { task: RESTORE_TASK, payload, key: `restore/${id}` });
  }

  /**
   * One run of the job. Does nothing for a restoration that has been settled.
   * @throws JobsError `jobs.postponed` when it failed and is to run again after a while; what it was stopped with from
   * outside, or what kept its failure from being noted: then it runs again too
   */
  async run({ id }: RestoreJob, signal: AbortSignal): Promise<void> {
    const row = await this.restorations.find(id);
    if (row?.state !== 'waiting') return;
    try {
      await this.settle(row, await this.restore(row, signal));
    } catch (error) {
      if (signal.aborted) throw error;
      const failures = await this.failedRuns.retryOrGiveUp(PartRestorationRow, row, error);
      const message = messageOf(error);
      await this.settle(row, failures > 1 ? `${message} (tried ${failures} times)` : message);
    }
  }

  /** Null when the part is in the store as it was catalogued, else why it cannot be had. */
  private async restore({ lost }: PartRestorationRow, signal: AbortSignal): Promise<string | null> {
    const delivery = await this.deliveries.find(lost.deliveryId);
    if (delivery === null) return 'ingest has no record of its delivery, and so none of its source';
    if (delivery.state !== 'stored') return `its delivery is ${delivery.state} in ingest, not stored`;
    const { part } = lost;
    const order = { ...part, source: this.orders.sourceOf(delivery.result, part) };
    await this.room.mustHold(this.store, [order]);
    const { facts, upload } = await this.parts.takeAgain(order, signal);
    if (facts.size !== part.size || facts.sha256 !== part.sha256) {
      const found = `${facts.size} bytes with SHA-256 ${facts.sha256}`;
      return upload === null
        ? `another object lies there now, of ${found}; it was left as it is`
        : `its source has other bytes now, ${found}`;
    }
    await upload?.complete();
    failpoint('ingest.part-restored');
    return null;
  }

  /** State and event together; no upload of any run is left behind. A second run that comes late changes nothing. */
  private async settle({ id, lost }: PartRestorationRow, notRestored: string | null): Promise<void> {
    const { key } = lost.part;
    for await (const upload of this.store.listUploads(key)) {
      if (upload.key === key) await this.store.abortUpload(upload);
    }
    await this.dataSource.transaction(async (manager) => {
      const isOurs = await this.restorations.settle(manager, id, notRestored === null ? 'restored' : 'not-restored');
      const about = { key: lost.group, subject: lost.ous };
      if (isOurs) await this.outbox.add(manager, lostPartSettled, about, { ...lost, notRestored });
    });
    this.logger.info({ key, notRestored }, 'lost part settled');
  }
}
