import type { PublicMetadata } from '@almagest/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ObservationRow } from './observations';
import { observedBlock, observedOus, type ProjectRow, type StatedBlock } from './project-facts';

/** What queries see of an ObsUnitSet: the delivery of this revision; null after a withdrawal. */
export interface ShownOus {
  ous: string;
  project: string;
  revision: number;
  delivery_id: string | null;
}

export type ChangeKind = 'added' | 'replaced' | 'withdrawn';
export type FileRow = Record<string, string | number | null>;
export type BlockRow = StatedBlock & { proposal_id: string; asdm_size: number };

/** The tables of an ObsUnitSet's content; each has a column `ous`, or the MemberOUS under its own name. */
const CONTENT = { observation: 'ous', file: 'ous', mous: 'ous', execution_block: 'member_ous_uid' } as const;

/** Writes the tables that queries read. Every method belongs to a transaction that holds the lock of the project. */
@Injectable()
export class ContentRepository {
  /** Lets one transaction at a time change a project. */
  async lock(manager: EntityManager, project: string): Promise<void> {
    await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('almagest.search.project.' || $1, 0))`, [
      project,
    ]);
  }

  async find(manager: EntityManager, ous: string): Promise<ShownOus | null> {
    const [row] = await manager.query<ShownOus[]>(`SELECT * FROM search.ous WHERE ous = $1`, [ous]);
    return row ?? null;
  }

  async note(manager: EntityManager, { ous, project, revision, delivery_id }: ShownOus): Promise<void> {
    await manager.query(
      `INSERT INTO search.ous (ous, project, revision, delivery_id) VALUES ($1, $2, $3, $4)
       ON CONFLICT (ous) DO UPDATE SET project = $2, revision = $3, delivery_id = $4`,
      [ous, project, revision, delivery_id],
    );
  }

  /** Removes everything that queries see of an ObsUnitSet. */
  async clear(manager: EntityManager, ous: string): Promise<void> {
    for (const [table, column] of Object.entries(CONTENT)) {
      await manager.query(`DELETE FROM search.${table} WHERE ${column} = $1`, [ous]);
    }
  }

  async addObservations(manager: EntityManager, rows: readonly ObservationRow[]): Promise<void> {
    await insert(manager, 'observation', rows);
  }

  async addFiles(manager: EntityManager, rows: readonly FileRow[]): Promise<void> {
    await insert(manager, 'file', rows);
  }

  async addBlocks(manager: EntityManager, rows: readonly BlockRow[]): Promise<void> {
    await insert(manager, 'execution_block', rows);
  }

  async addMous(manager: EntityManager, row: Record<string, string | null>): Promise<void> {
    await insert(manager, 'mous', [row]);
  }

  /** Returns the metadata of a project; null when none are recorded. */
  async metadata(manager: EntityManager, project: string): Promise<PublicMetadata | null> {
    const [row] = await manager.query<{ metadata: PublicMetadata }[]>(
      `SELECT metadata FROM search.project WHERE code = $1`,
      [project],
    );
    return row?.metadata ?? null;
  }

  async replaceProject(manager: EntityManager, code: string, row: ProjectRow): Promise<void> {
    await manager.query(`DELETE FROM search.project WHERE code = $1`, [code]);
    await insert(manager, 'project', [{ code, ...row }]);
  }

  /** Returns the uids of the ObsUnitSets of a project that queries see. */
  async shownOf(manager: EntityManager, project: string): Promise<string[]> {
    const rows = await manager.query<{ ous: string }[]>(
      `SELECT ous FROM search.ous WHERE project = $1 AND delivery_id IS NOT NULL`,
      [project],
    );
    return rows.map(({ ous }) => ous);
  }

  async shownAfter(manager: EntityManager, after: string, limit: number): Promise<ShownOus[]> {
    return manager.query<ShownOus[]>(
      `SELECT * FROM search.ous WHERE delivery_id IS NOT NULL AND ous COLLATE "C" > $1
        ORDER BY ous COLLATE "C" LIMIT $2`,
      [after, limit],
    );
  }

  /** Gives an ObsUnitSet the times, exposures and antennas of its execution blocks, as they are known now. */
  async applyBlocks(manager: EntityManager, ous: string, metadata: PublicMetadata | null): Promise<void> {
    const stated = await manager.query<StatedBlock[]>(
      `SELECT member_ous_uid, asdm_uid, used, stated FROM search.execution_block WHERE member_ous_uid = $1`,
      [ous],
    );
    const blocks = stated.map((block) => ({ ...block, ...observedBlock(block, metadata) }));
    for (const { asdm_uid, t_min, t_exptime, pwv, antenna_arrays } of blocks) {
      await manager.query(
        `UPDATE search.execution_block SET t_min = $3, t_exptime = $4, pwv = $5, antenna_arrays = $6
          WHERE member_ous_uid = $1 AND asdm_uid = $2`,
        [ous, asdm_uid, t_min, t_exptime, pwv, antenna_arrays],
      );
    }
    const { t_min, t_max, t_exptime, pwv, antenna_arrays } = observedOus(blocks.filter(({ used }) => used === 'T'));
    await manager.query(
      `UPDATE search.observation SET t_min = COALESCE($2, observed), t_max = $3::double precision,
              t_exptime = $4::double precision, t_resolution = $4::double precision, pwv = $5::real WHERE ous = $1`,
      [ous, t_min, t_max, t_exptime, pwv],
    );
    await manager.query(`UPDATE search.mous SET antenna_arrays = $2 WHERE ous = $1`, [ous, antenna_arrays]);
  }

  /**
   * Records a change. The lock makes the order of the numbers that of the commits, so that a reader who has seen a number
   * never finds a lower one later; call it last.
   */
  async addChange(
    manager: EntityManager,
    kind: ChangeKind,
    { ous, project, revision }: Pick<ShownOus, 'ous' | 'project' | 'revision'>,
  ): Promise<void> {
    await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('almagest.search.change', 0))`);
    await manager.query(
      `INSERT INTO search.change (change_id, kind, ous_uid, proposal_id, revision, changed_at)
       SELECT COALESCE(max(change_id), 0) + 1, $1, $2, $3, $4, clock_timestamp() AT TIME ZONE 'UTC' FROM search.change`,
      [kind, ous, project, revision],
    );
  }
}

/** Inserts rows; a column that a row leaves out is null. */
async function insert(manager: EntityManager, table: string, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  await manager.query(
    `INSERT INTO search.${table} SELECT * FROM jsonb_populate_recordset(NULL::search.${table}, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}
