import {
  type DataOf,
  deliveryRejected,
  type DeliveryReport,
  deliveryStored,
  ousOf,
  type qa2ResultAccepted,
} from '@almagest/contracts';
import { addJob } from '@almagest/jobs';
import { Outbox } from '@almagest/messaging';
import { failpoint, type Logger, LOGGER } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { FailedRuns } from '../retry/failed-runs';
import { refusalOf, withFindings } from '../storing/archive-findings';
import { DeliveryIntake, emptyReport } from '../storing/delivery-intake';
import { type Orders, PartOrders } from '../storing/part-orders';
import { about, identityOf } from './announcement';
import { DeliveriesRepository } from './deliveries.repository';
import { IngestDeliveryRow } from './delivery.entity';

/** The job that takes one delivery in. */
export const INGEST_TASK = 'ingest/delivery';

export interface IngestJob {
  id: string;
  traceparent: string;
}

/**
 * Takes deliveries in: every part is read once, checked and put in the store; only when all of them are as posted and
 * the standard has no objection do they become visible, their images are measured, then the manifest, then the event. A
 * run that dies anywhere is run again and finds what is done.
 */
@Injectable()
export class IngestService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly deliveries: DeliveriesRepository,
    private readonly orders: PartOrders,
    private readonly intake: DeliveryIntake,
    private readonly failedRuns: FailedRuns,
    private readonly outbox: Outbox,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Queues the delivery of an accepted result, in the transaction that takes note of it. */
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
   * One run of the job. For a delivery that was rejected it only cleans up again: the run that rejected it may have died
   * before it had, or the store was away. Does nothing for one that is stored.
   * @throws JobsError `jobs.postponed` when it failed and is to run again after a while; what it was stopped with from
   * outside, or what kept its failure from being noted: then it runs again too
   */
  async run({ id }: IngestJob, signal: AbortSignal): Promise<void> {
    const row = await this.deliveries.find(id);
    if (row?.state === 'rejected') await this.intake.clear(row);
    if (row?.state !== 'waiting') return;
    failpoint('ingest.job-begun');
    try {
      await this.takeIn(row, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      await this.bear(row, error);
    }
  }

  private async takeIn(row: IngestDeliveryRow, signal: AbortSignal): Promise<void> {
    const orders = await this.orders.of(row.result);
    await this.keepToPlan(row, orders);
    const delivery = await this.intake.read(row, orders.parts, signal);
    failpoint('ingest.parts-verified');
    const { report, findings } = delivery;
    if (report.verdict === 'rejected' || findings.length > 0) {
      await this.reject(row, withFindings(report, findings));
      return;
    }
    const manifest = await this.intake.complete(row, delivery, signal);
    await this.settle(row, 'stored', (manager) =>
      this.outbox.add(manager, deliveryStored, about(row.result), { ...identityOf(row), manifest, report }),
    );
    this.logger.info({ parts: orders.parts.length }, 'delivery stored');
  }

  /** A tree that has changed since an earlier run is begun anew: parts of two plans do not make a delivery. */
  private async keepToPlan(row: IngestDeliveryRow, { plan }: Orders): Promise<void> {
    if (plan === row.plan) return;
    if (row.plan !== null) {
      this.logger.warn({ before: row.plan, now: plan }, 'the tree has changed: begun anew');
      await this.intake.clear(row);
    }
    await this.deliveries.notePlan(row.id, plan);
  }

  /** What is the delivery's own trouble is borne for a while; what is the archive's, until it is over. */
  private async bear(row: IngestDeliveryRow, error: unknown): Promise<void> {
    const failures = await this.failedRuns.retryOrGiveUp(IngestDeliveryRow, row, error);
    await this.reject(row, withFindings(await emptyReport(row.result), [refusalOf(error, failures)]));
  }

  private async reject(row: IngestDeliveryRow, report: DeliveryReport): Promise<void> {
    const isOurs = await this.settle(row, 'rejected', (manager) =>
      this.outbox.add(manager, deliveryRejected, about(row.result), { ...identityOf(row), report }),
    );
    failpoint('ingest.rejected-before-cleared');
    if (isOurs) await this.intake.clear(row);
    this.logger.info({ codes: report.findings.map((finding) => finding.code) }, 'delivery rejected');
  }

  /** State and event together; a second run that comes late changes nothing, and gets false. */
  private async settle(
    row: IngestDeliveryRow,
    state: 'stored' | 'rejected',
    announce: (manager: EntityManager) => Promise<void>,
  ): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const isOurs = await this.deliveries.settle(manager, row.id, state);
      if (isOurs) await announce(manager);
      return isOurs;
    });
  }
}
