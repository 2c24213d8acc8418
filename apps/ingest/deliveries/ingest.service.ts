import {
  type DataOf,
  deliveryRejected,
  type DeliveryReport,
  deliveryStored,
  type Finding,
  ousOf,
  type Qa2Result,
  type qa2ResultAccepted,
} from '@almagest/contracts';
import { DeliveryInspection } from '@almagest/delivery';
import { addJob } from '@almagest/jobs';
import { Outbox } from '@almagest/messaging';
import { OBJECT_STORE, type ObjectStore } from '@almagest/object-store';
import { failpoint, isRetryable, type Logger, LOGGER } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { notAsPosted, refusalOf, withFindings } from '../storing/archive-findings';
import { storeManifest } from '../storing/manifest-writer';
import { takePart, type TakenPart } from '../storing/part-intake';
import { PartOrders } from '../storing/part-orders';
import { DeliveriesRepository } from './deliveries.repository';
import type { IngestDeliveryRow } from './delivery.entity';

/** The job that takes one delivery in. */
export const INGEST_TASK = 'ingest/delivery';

/** A source or store in trouble is tried this often, over about an hour and a half; then the delivery is refused. */
const MOST_FAILURES = 8;

/**
 * Takes deliveries in: every part is read once, checked and put in the store; only when all of them are as posted and
 * the standard has no objection do they become visible, then the manifest, then the event. A run that dies anywhere is
 * run again and finds what is done.
 */
@Injectable()
export class IngestService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly deliveries: DeliveriesRepository,
    private readonly orders: PartOrders,
    private readonly outbox: Outbox,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Queues the delivery of an accepted result, in the transaction that takes note of it. */
  async enqueue(
    manager: EntityManager,
    { id, result }: DataOf<typeof qa2ResultAccepted>,
    traceparent: string,
  ): Promise<void> {
    await this.deliveries.insert(manager, { id, ous: ousOf(result), result });
    await addJob(manager, { task: INGEST_TASK, payload: { id, traceparent }, key: `ingest/${id}` });
  }

  /**
   * One run of the job. Does nothing for a delivery that has been settled.
   * @throws what is worth another run; the job is tried again later
   */
  async run(id: string, signal: AbortSignal): Promise<void> {
    const row = await this.deliveries.find(id);
    if (row?.state !== 'waiting') return;
    failpoint('ingest.job-begun');
    try {
      await this.takeIn(row, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      const failures = await this.deliveries.noteFailure(id, error instanceof Error ? error.message : String(error));
      if (isRetryable(error) && failures < MOST_FAILURES) throw error;
      this.logger.warn({ error, failures }, 'delivery given up');
      await this.reject(row, await this.emptyReport(row.result), [refusalOf(error, failures)], []);
    }
  }

  private async takeIn(row: IngestDeliveryRow, signal: AbortSignal): Promise<void> {
    const { result } = row;
    const inspection = new DeliveryInspection({ posted: postedOf(result) });
    const taken: TakenPart[] = [];
    for (const order of await this.orders.of(result)) {
      const part = await takePart(order, inspection, this.store, signal);
      taken.push(part);
      this.logger.info({ part: order.name, bytes: part.facts.size }, 'part read');
    }
    const report = await inspection.finish();
    const findings = taken.flatMap(notAsPosted);
    failpoint('ingest.parts-verified');
    if (report.verdict === 'rejected' || findings.length > 0) await this.reject(row, report, findings, taken);
    else await this.keep(row, report, taken);
  }

  private async keep(row: IngestDeliveryRow, report: DeliveryReport, taken: TakenPart[]): Promise<void> {
    for (const { upload } of taken) {
      await upload?.complete();
      failpoint('ingest.first-part-completed');
    }
    failpoint('ingest.parts-completed');
    const manifest = await storeManifest(this.store, row, report, taken);
    failpoint('ingest.manifest-written');
    await this.settle(row, 'stored', (manager) =>
      this.outbox.add(manager, deliveryStored, about(row.result), { ...identityOf(row), manifest, report }),
    );
    this.logger.info({ parts: taken.length }, 'delivery stored');
  }

  private async reject(
    row: IngestDeliveryRow,
    report: DeliveryReport,
    findings: readonly Finding[],
    taken: TakenPart[],
  ): Promise<void> {
    for (const { upload } of taken) await upload?.abort();
    const complete = withFindings(report, findings);
    await this.settle(row, 'rejected', (manager) =>
      this.outbox.add(manager, deliveryRejected, about(row.result), { ...identityOf(row), report: complete }),
    );
    this.logger.info({ codes: complete.findings.map((finding) => finding.code) }, 'delivery rejected');
  }

  /** State and event together; a second run that comes late changes nothing. */
  private async settle(
    row: IngestDeliveryRow,
    state: 'stored' | 'rejected',
    announce: (manager: EntityManager) => Promise<void>,
  ): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      if (await this.deliveries.settle(manager, row.id, state)) await announce(manager);
    });
  }

  /** The report of a delivery that could not be read at all. */
  private async emptyReport(result: Qa2Result): Promise<DeliveryReport> {
    const report = await new DeliveryInspection({ posted: postedOf(result) }).finish();
    return { ...report, findings: [], omitted: [], counts: { reject: 0, warn: 0, note: 0 } };
  }
}

function postedOf(result: Qa2Result): ConstructorParameters<typeof DeliveryInspection>[0]['posted'] {
  const { project, level, scienceGoal, group } = result;
  const executionBlocks = result.executionBlocks.map(({ uid, use, asdm }) => ({ uid, use, asdmBytes: asdm.size }));
  return { project, level, scienceGoal, group: group.uid, ous: ousOf(result), executionBlocks };
}

function identityOf({ id, result }: IngestDeliveryRow): Omit<DataOf<typeof deliveryRejected>, 'report'> {
  const { project, group, level, revision } = result;
  return { deliveryId: id, project, group: group.uid, ous: ousOf(result), level, revision };
}

function about(result: Qa2Result): { key: string; subject: string } {
  return { key: result.group.uid, subject: ousOf(result) };
}
