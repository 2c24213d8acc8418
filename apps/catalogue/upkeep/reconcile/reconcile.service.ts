import { searchJobOf } from '@almagest/contracts';
import { OBJECT_STORE, type ObjectInfo, type ObjectStore, type UploadName } from '@almagest/object-store';
import { type Logger, LOGGER } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type CataloguedObject, CataloguedObjects } from '../inventory';
import { INITIAL_PROGRESS, type UpkeepRunRow } from '../runs/upkeep-run.entity';
import { type RunAttempt, UpkeepRuns } from '../runs/upkeep-runs';
import { UpkeepConfig } from '../upkeep.config';
import { reconciliationFindings } from '../upkeep.metrics';
import { FindingLog } from './finding-log';
import { compare, type Finding, Inspector } from './inspector';
import { mergeByKey } from './ordered-merge';
import { PartRecovery } from './part-recovery';

/** Differences inspected together, and so the most that are held in memory. */
const BATCH = 500;
/** The most keys between writes of the progress. */
const SAVE_EVERY = 20_000;

/**
 * Compares the objects in the catalogue with those in the object store: one ordered pass over both listings, then one
 * over the unfinished uploads. An interrupted attempt starts again from the beginning.
 */
@Injectable()
export class ReconcileService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly runs: UpkeepRuns,
    private readonly catalogued: CataloguedObjects,
    private readonly inspector: Inspector,
    private readonly recovery: PartRecovery,
    private readonly config: UpkeepConfig,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async request(repair: boolean): Promise<UpkeepRunRow> {
    return this.runs.request('reconciliation', { repair });
  }

  /** Makes one attempt. @throws when the store or the catalogue cannot be read; the job is retried */
  async run(id: string, signal: AbortSignal): Promise<void> {
    await this.runs.attempt('reconciliation', id, async (attempt) => {
      Object.assign(attempt.progress, INITIAL_PROGRESS.reconciliation);
      const log = new FindingLog(this.dataSource, attempt, this.store, this.recovery, this.logger);
      await log.restart();
      const olderThan = Date.now() - this.config.grace;
      await this.objects(attempt, log, olderThan, signal);
      await this.uploads(attempt, log, olderThan, signal);
      this.logger.info({ reconciliation: attempt.id, ...attempt.progress }, 'reconciliation ended');
    });
    await this.updateMetrics();
  }

  private async objects(
    attempt: RunAttempt<'reconciliation'>,
    log: FindingLog,
    olderThan: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { progress } = attempt;
    const missing: CataloguedObject[] = [];
    const unknown: ObjectInfo[] = [];
    const differing: Finding[] = [];
    const inspect = async (): Promise<void> => {
      const inspection = await this.inspector.unknown(unknown.splice(0), olderThan);
      progress.inFlight += inspection.inFlight;
      await log.add([
        ...differing.splice(0),
        ...(await this.inspector.missing(missing.splice(0))),
        ...inspection.findings,
      ]);
    };
    let keys = 0;
    for await (const [known, stored] of mergeByKey(this.catalogued.after(''), ofDeliveries(this.store.list('')))) {
      signal.throwIfAborted();
      if (known !== null) progress.catalogued += 1;
      if (stored !== null) progress.stored += 1;
      if (known === null) {
        if (stored.modifiedAt.getTime() < olderThan) unknown.push(stored);
        else progress.recent += 1;
      } else if (stored === null) missing.push(known);
      else differing.push(...compare(known, stored));
      keys += 1;
      if (unknown.length + missing.length + differing.length >= BATCH || keys % SAVE_EVERY === 0) await inspect();
    }
    await inspect();
  }

  private async uploads(
    attempt: RunAttempt<'reconciliation'>,
    log: FindingLog,
    olderThan: number,
    signal: AbortSignal,
  ): Promise<void> {
    const uploads: (UploadName & { startedAt: Date })[] = [];
    const inspect = async (): Promise<void> => {
      const inspection = await this.inspector.uploads(uploads.splice(0));
      attempt.progress.inFlight += inspection.inFlight;
      await log.add(inspection.findings);
    };
    for await (const upload of ofDeliveries(this.store.listUploads(''))) {
      signal.throwIfAborted();
      if (upload.startedAt.getTime() >= olderThan) attempt.progress.recent += 1;
      else if (uploads.push(upload) >= BATCH) await inspect();
    }
    await inspect();
  }

  /** Sets the metrics to the findings of the last reconciliation that are not repaired. */
  async updateMetrics(): Promise<void> {
    const rows = await this.dataSource.query<{ kind: string; count: string }[]>(
      `SELECT kind, count(*) FROM catalogue.upkeep_finding
        WHERE repair IS DISTINCT FROM 'done' AND run_id = (
          SELECT id FROM catalogue.upkeep_run WHERE kind = 'reconciliation' AND state = 'done'
           ORDER BY position DESC LIMIT 1)
        GROUP BY kind`,
    );
    reconciliationFindings.reset();
    for (const { kind, count } of rows) reconciliationFindings.set({ kind }, Number(count));
  }
}

/** Leaves out the objects of asynchronous queries: search deletes those itself. */
async function* ofDeliveries<Item extends { readonly key: string }>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  for await (const item of items) if (searchJobOf(item.key) === null) yield item;
}
