import { type ObjectStore, ObjectStoreError } from '@almagest/object-store';
import type { Logger } from '@almagest/platform';
import { type DataSource, type EntityManager, In, Not } from 'typeorm';
import type { RunHold } from '../runs/run-hold';
import { UpkeepFindingRow } from '../runs/upkeep-run.entity';
import { repairedObjects } from '../upkeep.metrics';
import type { Finding } from './finding';
import type { LostParts } from './lost-parts';

/** Findings that are logged one by one; the run names all of them. */
const MOST_LOGGED = 100;
/** Pending repairs read at a time. */
const PAGE = 500;

const ASKED_FOR =
  'Ingest is asked to read it again from where it was posted. Look at this reconciliation again to see what came of it.';

/**
 * Writes down what a reconciliation finds, removes what it may, and has lost parts restored. What is to be removed is
 * written down before it is, so that a run that dies in between still tells of it: the next attempt carries it out. A
 * restoration is asked for in the transaction that writes it down.
 */
export class FindingLog {
  constructor(
    private readonly dataSource: DataSource,
    private readonly hold: RunHold<'reconciliation'>,
    private readonly store: ObjectStore,
    private readonly lostParts: LostParts,
    private readonly logger: Logger,
  ) {}

  /**
   * Forgets what an attempt before found, apart from what was repaired or is about to be; removals are brought to their
   * end, restorations come to theirs.
   */
  async restart(): Promise<void> {
    const { id, progress } = this.hold;
    await this.hold.save('', async (manager) => {
      await manager.query(
        `DELETE FROM catalogue.upkeep_finding
          WHERE run_id = $1 AND (repair IS NULL OR repair NOT IN ('pending', 'done'))`,
        [id],
      );
    });
    const { manager } = this.dataSource;
    progress.repaired = await manager.countBy(UpkeepFindingRow, { run_id: id, kind: Not('lost'), repair: 'done' });
    progress.findingCount = await manager.countBy(UpkeepFindingRow, { run_id: id });
    for (;;) {
      const pending = await manager.find(UpkeepFindingRow, {
        where: { run_id: id, kind: Not('lost'), repair: 'pending' },
        take: PAGE,
      });
      if (pending.length === 0) return;
      await this.remove(pending);
    }
  }

  /** Writes these down, and how far the run is. */
  async add(found: readonly Finding[]): Promise<void> {
    const { id, progress, repair } = this.hold;
    const asked = await this.lostParts.askedBy(id, lostKeys(found));
    const findings = found.filter(({ object_key: key }) => !asked.has(key));
    this.report(findings);
    progress.findingCount += findings.length;
    const rows = findings.map(({ repairedBy, ...finding }) => ({
      ...finding,
      run_id: id,
      ...(repair && repairedBy === 'restoring' ? { remark: ASKED_FOR } : {}),
      repair: !repair ? null : repairedBy === null ? ('not-possible' as const) : ('pending' as const),
      last_good_at: null,
      found_at: new Date(),
    }));
    const written: UpkeepFindingRow[] = [];
    await this.hold.save('', async (manager) => {
      written.push(...(await insert(manager, rows)));
      if (repair) await this.lostParts.ask(manager, id, lostKeys(findings));
    });
    await this.remove(written.filter((row) => row.kind !== 'lost' && row.repair === 'pending'));
  }

  private async remove(rows: readonly UpkeepFindingRow[]): Promise<void> {
    const done: string[] = [];
    for (const row of rows) {
      const refusal = await this.removeOne(row);
      if (refusal === null) done.push(row.id);
      else {
        await this.dataSource.manager.update(
          UpkeepFindingRow,
          { id: row.id },
          { repair: 'not-possible', remark: refusal },
        );
        continue;
      }
      repairedObjects.inc({ kind: row.kind });
      this.logger.warn({ key: row.object_key, upload: row.upload_id, kind: row.kind }, 'left-over removed');
    }
    if (done.length === 0) return;
    this.hold.progress.repaired += done.length;
    await this.hold.save('', async (manager) => {
      await manager.update(UpkeepFindingRow, { id: In(done) }, { repair: 'done' });
    });
  }

  /** Null when it is gone, else why the store refuses. @throws ObjectStoreError for trouble that passes */
  private async removeOne({ object_key: key, upload_id: id }: UpkeepFindingRow): Promise<string | null> {
    try {
      await (id === null ? this.store.delete(key) : this.store.abortUpload({ key, id }));
      return null;
    } catch (error) {
      if (!(error instanceof ObjectStoreError) || error.retryable) throw error;
      return error.message;
    }
  }

  private report(findings: readonly Finding[]): void {
    const left = MOST_LOGGED - this.hold.progress.findingCount;
    for (const { kind, object_key: key, expected, found } of findings.slice(0, Math.max(0, left))) {
      const level = kind === 'lost' || kind === 'size-differs' ? 'error' : 'warn';
      this.logger[level]({ kind, key, expected, found }, 'catalogue and store differ');
    }
  }
}

/** The keys of the parts that a repair has restored. */
function lostKeys(findings: readonly Finding[]): string[] {
  return findings.filter(({ repairedBy }) => repairedBy === 'restoring').map(({ object_key: key }) => key);
}

async function insert(manager: EntityManager, rows: Omit<UpkeepFindingRow, 'id'>[]): Promise<UpkeepFindingRow[]> {
  if (rows.length === 0) return [];
  const { identifiers } = await manager.insert(UpkeepFindingRow, rows);
  return rows.map((row, index) => ({ ...row, id: String(identifiers[index]?.['id']) }));
}
