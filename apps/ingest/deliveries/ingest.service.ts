import {
  type DataOf,
  deliveryRejected,
  type DeliveryReport,
  deliveryStored,
  furtherMembers,
  ousOf,
  type Qa2Result,
  type qa2ResultAccepted,
} from '@almagest/contracts';
import { addJob, JobRunner, jobSchema, taskOf } from '@almagest/jobs';
import { Outbox } from '@almagest/messaging';
import { failpoint, type Logger, LOGGER } from '@almagest/platform';
import { SourceError } from '@almagest/sources';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { IngestConfig } from '../ingest.config';
import { type Orders, PartOrders } from '../parts/part-orders';
import { FailedRuns } from '../retry/failed-runs';
import { DeliveriesRepository, IngestDeliveryRow } from './deliveries.repository';
import { emptyReport, findingOf, withFindings } from './delivery-report';
import { DeliveryTransfer } from './delivery-transfer';

/** The job that stores one delivery. */
const INGEST_TASK = 'ingest/delivery';

export interface IngestJob {
  id: string;
  traceparent: string;
}

/**
 * Stores deliveries. Every part is read once, checked and written to the store. When all parts are as posted and the
 * standard permits the delivery, the parts become visible; then the manifest is written, and then the event. A run that
 * dies at any point is run again, and finds what has been done.
 */
@Injectable()
export class IngestService implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly deliveries: DeliveriesRepository,
    private readonly orders: PartOrders,
    private readonly transfer: DeliveryTransfer,
    private readonly failedRuns: FailedRuns,
    private readonly outbox: Outbox,
    private readonly jobs: JobRunner,
    private readonly config: IngestConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(this.config.settings.concurrency, {
      [INGEST_TASK]: taskOf('ingest', jobSchema, (job, { signal }) => this.run(job, signal)),
    });
  }

  /** Queues the delivery of an accepted result, in the transaction that records the result. */
  async enqueue(
    manager: EntityManager,
    { id, result }: DataOf<typeof qa2ResultAccepted>,
    traceparent: string,
  ): Promise<void> {
    await this.deliveries.insert(manager, { id, ous: ousOf(result), result });
    const payload = { id, traceparent } satisfies IngestJob;
    await addJob(manager, { task: INGEST_TASK, payload, key: `ingest/${id}` });
  }

  /**
   * One run of the job. For a rejected delivery it only cleans up again: the run that rejected it may have died before,
   * or the store was unavailable. Does nothing for a stored one.
   * @throws JobsError `jobs.postponed` when it failed and is to run again; the reason of the abort, or the error that
   * prevented the failure from being recorded: then it runs again too
   */
  async run({ id }: IngestJob, signal: AbortSignal): Promise<void> {
    const row = await this.deliveries.find(id);
    if (row?.state === 'rejected') await this.transfer.clear(row);
    if (row?.state !== 'waiting') return;
    failpoint('ingest.job-begun');
    try {
      await this.store(row, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      await this.retryOrReject(row, error);
    }
  }

  private async store(row: IngestDeliveryRow, signal: AbortSignal): Promise<void> {
    const orders = await this.orders.ordersFor(row.result);
    await this.clearIfPlanChanged(row, orders);
    const delivery = await this.transfer.transfer(row, orders.parts, signal);
    failpoint('ingest.parts-verified');
    const { report, findings } = delivery;
    if (report.verdict === 'rejected' || findings.length > 0) {
      await this.reject(row, withFindings(report, findings));
      return;
    }
    const manifest = await this.transfer.publish(row, delivery, signal);
    await this.settle(row, 'stored', (manager) =>
      this.outbox.add(manager, deliveryStored, about(row.result), { ...identityOf(row), manifest, report }),
    );
    this.logger.info({ parts: orders.parts.length }, 'delivery stored');
  }

  /** Starts again when the tree has changed since an earlier run: parts of two plans do not form a delivery. */
  private async clearIfPlanChanged(row: IngestDeliveryRow, { plan }: Orders): Promise<void> {
    if (plan === row.plan) return;
    if (row.plan !== null) {
      this.logger.warn({ before: row.plan, now: plan }, 'the tree has changed; starting again');
      await this.transfer.clear(row);
    }
    await this.deliveries.notePlan(row.id, plan);
  }

  private async retryOrReject(row: IngestDeliveryRow, error: unknown): Promise<void> {
    const failures = await this.failedRuns.retryOrGiveUp(IngestDeliveryRow, row, error);
    const others = error instanceof SourceError ? await this.orders.otherFaults(row.result, error) : [];
    const findings = [findingOf(error, failures), ...others.map((each) => findingOf(each, 1))];
    await this.reject(row, withFindings(await emptyReport(row.result), findings));
  }

  private async reject(row: IngestDeliveryRow, report: DeliveryReport): Promise<void> {
    const isSettled = await this.settle(row, 'rejected', (manager) =>
      this.outbox.add(manager, deliveryRejected, about(row.result), { ...identityOf(row), report }),
    );
    failpoint('ingest.rejected-before-cleared');
    if (isSettled) await this.transfer.clear(row);
    this.logger.info({ codes: report.findings.map((finding) => finding.code) }, 'delivery rejected');
  }

  /** Writes state and event in one transaction; a second run that is late changes nothing, and gets false. */
  private async settle(
    row: IngestDeliveryRow,
    state: 'stored' | 'rejected',
    announce: (manager: EntityManager) => Promise<void>,
  ): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const isSettled = await this.deliveries.settle(manager, row.id, state);
      if (isSettled) await announce(manager);
      return isSettled;
    });
  }
}

/** What every event about a delivery contains. */
function identityOf({ id, result }: IngestDeliveryRow): Omit<DataOf<typeof deliveryRejected>, 'report'> {
  const { project, group, level, revision } = result;
  return {
    deliveryId: id,
    project,
    group: group.uid,
    ous: ousOf(result),
    alsoServes: furtherMembers(result),
    level,
    revision,
  };
}

/** The key that keeps the events of a group in order, and the subject of the event. */
function about(result: Qa2Result): { key: string; subject: string } {
  return { key: result.group.uid, subject: ousOf(result) };
}
