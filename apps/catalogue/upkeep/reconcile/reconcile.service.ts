import { OBJECT_STORE, type ObjectInfo, type ObjectStore, type UploadName } from '@almagest/object-store';
import { type Logger, LOGGER } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type CataloguedObject, CataloguedObjects } from '../inventory/catalogued-objects';
import type { RunHold } from '../runs/run-hold';
import { BEGINNING, type UpkeepRunRow } from '../runs/upkeep-run.entity';
import { UpkeepRuns } from '../runs/upkeep-runs';
import { UpkeepConfig } from '../upkeep.config';
import { reconciliationFindings } from '../upkeep.metrics';
import type { Finding } from './finding';
import { FindingLog } from './finding-log';
import { compare, Inspector } from './inspector';
import { LostParts } from './lost-parts';
import { mergeByKey } from './ordered-merge';

/** Suspects looked at together, and so what is held in memory of them. */
const BATCH = 500;
/** Progress is written at least every so many keys. */
const SAVE_EVERY = 20_000;

/**
 * Holds the catalogue's objects and the store's against each other: one ordered pass over both listings, then over the
 * unfinished uploads. An attempt that is cut short begins anew.
 */
@Injectable()
export class ReconcileService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly runs: UpkeepRuns,
    private readonly catalogued: CataloguedObjects,
    private readonly inspector: Inspector,
    private readonly lostParts: LostParts,
    private readonly config: UpkeepConfig,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async request(repair: boolean): Promise<UpkeepRunRow> {
    return this.runs.request('reconciliation', { repair });
  }

  /** One attempt. @throws what keeps the store or the catalogue from being read; it is tried again */
  async run(id: string, signal: AbortSignal): Promise<void> {
    await this.runs.attempt('reconciliation', id, async (hold) => {
      Object.assign(hold.progress, BEGINNING.reconciliation);
      const log = new FindingLog(this.dataSource, hold, this.store, this.lostParts, this.logger);
      await log.restart();
      const grownUpBy = Date.now() - this.config.grace;
      await this.objects(hold, log, grownUpBy, signal);
      await this.uploads(hold, log, grownUpBy, signal);
      this.logger.info({ reconciliation: hold.id, ...hold.progress }, 'reconciliation ended');
    });
    await this.tellMetrics();
  }

  private async objects(
    hold: RunHold<'reconciliation'>,
    log: FindingLog,
    grownUpBy: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { progress } = hold;
    const missing: CataloguedObject[] = [];
    const unknown: ObjectInfo[] = [];
    const differing: Finding[] = [];
    const inspect = async (): Promise<void> => {
      const judged = await this.inspector.unknown(unknown.splice(0), grownUpBy);
      progress.inFlight += judged.inFlight;
      await log.add([...differing.splice(0), ...(await this.inspector.missing(missing.splice(0))), ...judged.findings]);
    };
    let keys = 0;
    for await (const [known, stored] of mergeByKey(this.catalogued.after(''), this.store.list(''))) {
      signal.throwIfAborted();
      if (known !== null) progress.catalogued += 1;
      if (stored !== null) progress.stored += 1;
      if (known === null) {
        if (stored.modifiedAt.getTime() < grownUpBy) unknown.push(stored);
        else progress.recent += 1;
      } else if (stored === null) missing.push(known);
      else differing.push(...compare(known, stored));
      keys += 1;
      if (unknown.length + missing.length + differing.length >= BATCH || keys % SAVE_EVERY === 0) await inspect();
    }
    await inspect();
  }

  private async uploads(
    hold: RunHold<'reconciliation'>,
    log: FindingLog,
    grownUpBy: number,
    signal: AbortSignal,
  ): Promise<void> {
    const uploads: (UploadName & { startedAt: Date })[] = [];
    const inspect = async (): Promise<void> => {
      const judged = await this.inspector.uploads(uploads.splice(0));
      hold.progress.inFlight += judged.inFlight;
      await log.add(judged.findings);
    };
    for await (const upload of this.store.listUploads('')) {
      signal.throwIfAborted();
      if (upload.startedAt.getTime() >= grownUpBy) hold.progress.recent += 1;
      else if (uploads.push(upload) >= BATCH) await inspect();
    }
    await inspect();
  }

  /** Tells the metrics what the last reconciliation found that is still so. */
  async tellMetrics(): Promise<void> {
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
