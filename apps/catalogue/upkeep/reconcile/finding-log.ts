import { type ObjectStore, ObjectStoreError } from '@almagest/object-store';
import type { Logger } from '@almagest/platform';
import { type DataSource, type EntityManager, In, Not } from 'typeorm';
import { UpkeepFindingRow } from '../runs/upkeep-run.entity';
import type { RunAttempt } from '../runs/upkeep-runs';
import { repairedObjects } from '../upkeep.metrics';
import type { Finding } from './inspector';
import type { PartRecovery } from './part-recovery';

/** Findings that are logged one by one. The run lists all of them. */
const MAX_LOGGED = 100;
/** Pending deletions read at a time. */
const PAGE = 500;

const REQUESTED =
  'Ingest was asked to read it again from where it was posted. Look at this reconciliation again for the result.';

/**
 * Records the findings of a reconciliation, deletes orphans, and requests the recovery of lost parts. A deletion is
 * recorded before it happens: if the process dies in between, the next attempt completes it and the run still lists it.
 * The recovery of a part is requested in the transaction that records the finding.
 */
export class FindingLog {
  constructor(
    private readonly dataSource: DataSource,
    private readonly attempt: RunAttempt<'reconciliation'>,
    private readonly store: ObjectStore,
    private readonly recovery: PartRecovery,
    private readonly logger: Logger,
  ) {}

  /**
   * Deletes the findings of the previous attempt, except those that are repaired or being repaired, and completes the
   * pending deletions. Recoveries complete on their own.
   */
  async restart(): Promise<void> {
    const { id, progress } = this.attempt;
    await this.attempt.save('', async (manager) => {
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
      await this.delete(pending);
    }
  }

  /** Records findings and the progress of the run, and repairs what the run may repair. */
  async add(found: readonly Finding[]): Promise<void> {
    const { id, progress, repair } = this.attempt;
    const requested = await this.recovery.requestedBy(id, lostKeys(found));
    const findings = found.filter(({ object_key: key }) => !requested.has(key));
    this.report(findings);
    progress.findingCount += findings.length;
    const rows = findings.map(({ repairBy, ...finding }) => ({
      ...finding,
      run_id: id,
      ...(repair && repairBy === 'recovering' ? { remark: REQUESTED } : {}),
      repair: !repair ? null : repairBy === null ? ('not-possible' as const) : ('pending' as const),
      last_good_at: null,
      found_at: new Date(),
    }));
    const written: UpkeepFindingRow[] = [];
    await this.attempt.save('', async (manager) => {
      written.push(...(await insert(manager, rows)));
      if (repair) await this.recovery.request(manager, id, lostKeys(findings));
    });
    await this.delete(written.filter((row) => row.kind !== 'lost' && row.repair === 'pending'));
  }

  private async delete(rows: readonly UpkeepFindingRow[]): Promise<void> {
    const done: string[] = [];
    for (const row of rows) {
      const refusal = await this.deleteOne(row);
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
      this.logger.warn({ key: row.object_key, upload: row.upload_id, kind: row.kind }, 'orphan deleted');
    }
    if (done.length === 0) return;
    this.attempt.progress.repaired += done.length;
    await this.attempt.save('', async (manager) => {
      await manager.update(UpkeepFindingRow, { id: In(done) }, { repair: 'done' });
    });
  }

  /** Returns null, or why the store refuses. @throws ObjectStoreError for a retryable fault */
  private async deleteOne({ object_key: key, upload_id: id }: UpkeepFindingRow): Promise<string | null> {
    try {
      await (id === null ? this.store.delete(key) : this.store.abortUpload({ key, id }));
      return null;
    } catch (error) {
      if (!(error instanceof ObjectStoreError) || error.retryable) throw error;
      return error.message;
    }
  }

  private report(findings: readonly Finding[]): void {
    const remaining = MAX_LOGGED - this.attempt.progress.findingCount;
    for (const { kind, object_key: key, expected, found } of findings.slice(0, Math.max(0, remaining))) {
      const level = kind === 'lost' || kind === 'size-differs' ? 'error' : 'warn';
      this.logger[level]({ kind, key, expected, found }, 'catalogue and object store differ');
    }
  }
}

/** Returns the keys of the parts that a repair recovers. */
function lostKeys(findings: readonly Finding[]): string[] {
  return findings.filter(({ repairBy }) => repairBy === 'recovering').map(({ object_key: key }) => key);
}

async function insert(manager: EntityManager, rows: Omit<UpkeepFindingRow, 'id'>[]): Promise<UpkeepFindingRow[]> {
  if (rows.length === 0) return [];
  const { identifiers } = await manager.insert(UpkeepFindingRow, rows);
  return rows.map((row, index) => ({ ...row, id: String(identifiers[index]?.['id']) }));
}
