import { type DataOf, lostPartSettled, type partLost } from '@almagest/contracts';
import { addJob, JobRunner, jobSchema, taskOf } from '@almagest/jobs';
import { Outbox } from '@almagest/messaging';
import { OBJECT_STORE, type ObjectStore } from '@almagest/object-store';
import { failpoint, type Logger, LOGGER, messageOf } from '@almagest/platform';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DeliveriesRepository } from '../deliveries/deliveries.repository';
import { PartOrders } from '../parts/part-orders';
import { PartTransfer } from '../parts/part-transfer';
import { StoreSpace } from '../resources/store-space';
import { FailedRuns } from '../retry/failed-runs';
import { PartRecoveryRow, RecoveriesRepository } from './recoveries.repository';

/** The job that recovers one lost part. */
const RECOVERY_TASK = 'ingest/restore';

/** Parts recovered at the same time, beside the deliveries: a store that lost many parts must not delay new deliveries. */
const CONCURRENCY = 1;

export interface RecoveryJob {
  id: string;
  traceparent: string;
}

/**
 * Recovers lost parts from where they were posted (docs/adr/0031). A part becomes visible only with the size and the
 * SHA-256 that the catalogue has of it. Nothing is written where an object exists.
 */
@Injectable()
export class RecoveryService implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly recoveries: RecoveriesRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly orders: PartOrders,
    private readonly parts: PartTransfer,
    private readonly space: StoreSpace,
    private readonly failedRuns: FailedRuns,
    private readonly outbox: Outbox,
    private readonly jobs: JobRunner,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(CONCURRENCY, {
      [RECOVERY_TASK]: taskOf('recover', jobSchema, (job, { signal }) => this.run(job, signal)),
    });
  }

  /** Queues the recovery of a part, in the transaction that records it, unless one of this part waits already. */
  async enqueue(manager: EntityManager, lost: DataOf<typeof partLost>, traceparent: string): Promise<void> {
    const id = await this.recoveries.insert(manager, lost);
    if (id === null) return;
    const payload = { id, traceparent } satisfies RecoveryJob;
    await addJob(manager, { task: RECOVERY_TASK, payload, key: `restore/${id}` });
  }

  /**
   * One run of the job. Does nothing for a recovery that has been settled.
   * @throws JobsError `jobs.postponed` when it failed and is to run again; the reason of the abort, or the error that
   * prevented the failure from being recorded: then it runs again too
   */
  async run({ id }: RecoveryJob, signal: AbortSignal): Promise<void> {
    const row = await this.recoveries.find(id);
    if (row?.state !== 'waiting') return;
    try {
      await this.settle(row, await this.recover(row, signal));
    } catch (error) {
      if (signal.aborted) throw error;
      const failures = await this.failedRuns.retryOrGiveUp(PartRecoveryRow, row, error);
      const message = messageOf(error);
      await this.settle(row, failures > 1 ? `${message} (tried ${failures} times)` : message);
    }
  }

  /** Returns null when the part is in the store as catalogued, else why it cannot be recovered. */
  private async recover({ lost }: PartRecoveryRow, signal: AbortSignal): Promise<string | null> {
    const delivery = await this.deliveries.find(lost.deliveryId);
    if (delivery === null) return 'ingest has no record of its delivery, and therefore none of its source';
    if (delivery.state !== 'stored') return `its delivery is ${delivery.state} in ingest, not stored`;
    const { part } = lost;
    const order = { ...part, source: this.orders.sourceOf(delivery.result, part) };
    await this.space.assertFits(this.store, [order]);
    const { facts, upload } = await this.parts.transferAgain(order, signal);
    if (facts.size !== part.size || facts.sha256 !== part.sha256) {
      const found = `${facts.size} bytes with SHA-256 ${facts.sha256}`;
      return upload === null
        ? `another object exists under its key, ${found}; it is left unchanged`
        : `its source has changed, and now has ${found}`;
    }
    await upload?.complete();
    failpoint('ingest.part-restored');
    return null;
  }

  /**
   * Writes state and event in one transaction, after aborting the uploads that any run has left. A second run that is late
   * changes nothing.
   */
  private async settle({ id, lost }: PartRecoveryRow, notRestored: string | null): Promise<void> {
    const { key } = lost.part;
    for await (const upload of this.store.listUploads(key)) {
      if (upload.key === key) await this.store.abortUpload(upload);
    }
    await this.dataSource.transaction(async (manager) => {
      const state = notRestored === null ? 'restored' : 'not-restored';
      if (!(await this.recoveries.settle(manager, id, state))) return;
      const about = { key: lost.group, subject: lost.ous };
      await this.outbox.add(manager, lostPartSettled, about, { ...lost, notRestored });
    });
    if (notRestored === null) this.logger.info({ key }, 'lost part recovered');
    else this.logger.warn({ key, reason: notRestored }, 'lost part cannot be recovered');
  }
}
