import { lockUntilCommit } from '@almagest/platform';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { insertRows } from '../insert-rows';
import type { ObservationRow } from './observations';
import type { ObservedBlock, ObservedOus, ProjectRow } from './project-facts';

/** What queries see of an ObsUnitSet: the delivery of this revision; null after a withdrawal. */
export interface ShownOus {
  ous: string;
  project: string;
  revision: number;
  delivery_id: string | null;
}

/** What happened to the delivery that queries see of an ObsUnitSet. */
export interface Change {
  kind: 'added' | 'replaced' | 'withdrawn' | 'released';
  ous: string;
  project: string;
  revision: number;
  delivery_id: string;
}

export type FileRow = Record<string, string | number | null>;
export interface BlockRow extends ObservedBlock {
  member_ous_uid: string;
  asdm_uid: string;
  proposal_id: string;
  used: 'T' | 'F';
  asdm_size: number;
}

const SHOWN = `SELECT ous, project, revision, delivery_id FROM search.ous`;

/** The tables of an ObsUnitSet's content; each has a column `ous`, or the MemberOUS under its own name. */
const CONTENT = { observation: 'ous', file: 'ous', mous: 'ous', execution_block: 'member_ous_uid' } as const;

/** Writes the tables that queries read. What changes a project belongs to a transaction that holds its lock. */
@Injectable()
export class ContentRepository {
  /** Lets one transaction at a time change a project. */
  async lock(manager: EntityManager, project: string): Promise<void> {
    await lockUntilCommit(manager, [`almagest.search.project.${project}`]);
  }

  async find(manager: EntityManager, ous: string): Promise<ShownOus | null> {
    const [row] = await manager.query<ShownOus[]>(`${SHOWN} WHERE ous = $1`, [ous]);
    return row ?? null;
  }

  /** Records what queries see of an ObsUnitSet. A new delivery is public at once if its release date has passed. */
  async note(
    manager: EntityManager,
    { ous, project, revision, delivery_id }: ShownOus,
    releaseDate: string | null,
  ): Promise<void> {
    await manager.query(
      `INSERT INTO search.ous (ous, project, revision, delivery_id, release_date, is_public)
       VALUES ($1, $2, $3, $4, $5, COALESCE($5::date < search.today(), false))
       ON CONFLICT (ous) DO UPDATE SET project = excluded.project, revision = excluded.revision,
         delivery_id = excluded.delivery_id, release_date = excluded.release_date, is_public = excluded.is_public`,
      [ous, project, revision, delivery_id, releaseDate],
    );
  }

  /** Changes the release date of what queries see of a delivery. */
  async setReleaseDate(manager: EntityManager, delivery: string, releaseDate: string | null): Promise<void> {
    for (const table of ['observation', 'file', 'ous']) {
      await manager.query(
        `UPDATE search.${table} SET release_date = $2
          WHERE ous IN (SELECT ous FROM search.ous WHERE delivery_id = $1) AND release_date IS DISTINCT FROM $2::date`,
        [delivery, releaseDate],
      );
    }
  }

  /** Returns ObsUnitSets whose release date has passed since their data were found to be proprietary. */
  async due(manager: EntityManager, limit: number): Promise<ShownOus[]> {
    return manager.query<ShownOus[]>(
      `${SHOWN} WHERE delivery_id IS NOT NULL AND NOT is_public AND release_date < search.today()
        ORDER BY release_date, ous COLLATE "C" LIMIT $1`,
      [limit],
    );
  }

  /** Records that the data of a delivery are public; false when they are already, or are no longer shown. */
  async release(manager: EntityManager, { ous, delivery_id }: ShownOus): Promise<boolean> {
    const [, released] = await manager.query<[unknown, number]>(
      `UPDATE search.ous SET is_public = true
        WHERE ous = $1 AND delivery_id = $2 AND NOT is_public AND release_date < search.today()`,
      [ous, delivery_id],
    );
    return released > 0;
  }

  /** Removes everything that queries see of an ObsUnitSet. */
  async clear(manager: EntityManager, ous: string): Promise<void> {
    for (const [table, column] of Object.entries(CONTENT)) {
      await manager.query(`DELETE FROM search.${table} WHERE ${column} = $1`, [ous]);
    }
  }

  async addObservations(manager: EntityManager, rows: readonly ObservationRow[]): Promise<void> {
    await insertRows(manager, 'observation', rows);
  }

  async addFiles(manager: EntityManager, rows: readonly FileRow[]): Promise<void> {
    await insertRows(manager, 'file', rows);
  }

  async addMous(manager: EntityManager, row: Record<string, string | null>): Promise<void> {
    await insertRows(manager, 'mous', [row]);
  }

  /** Returns the revision of the metadata of a project; null when there are none. */
  async metadataRevision(manager: EntityManager, project: string): Promise<number | null> {
    const [row] = await manager.query<{ revision: number }[]>(`SELECT revision FROM search.project WHERE code = $1`, [
      project,
    ]);
    return row?.revision ?? null;
  }

  async replaceProject(manager: EntityManager, code: string, row: ProjectRow): Promise<void> {
    await manager.query(`DELETE FROM search.project WHERE code = $1`, [code]);
    await insertRows(manager, 'project', [{ code, ...row }]);
  }

  /** Returns the ObsUnitSets of a project that queries see. */
  async shownOf(manager: EntityManager, project: string): Promise<ShownOus[]> {
    return manager.query<ShownOus[]>(`${SHOWN} WHERE project = $1 AND delivery_id IS NOT NULL`, [project]);
  }

  async shownAfter(manager: EntityManager, after: string, limit: number): Promise<ShownOus[]> {
    return manager.query<ShownOus[]>(
      `${SHOWN} WHERE delivery_id IS NOT NULL AND ous COLLATE "C" > $1
        ORDER BY ous COLLATE "C" LIMIT $2`,
      [after, limit],
    );
  }

  /** Replaces the execution blocks of a MemberOUS, and gives its observations what they say together. */
  async replaceBlocks(
    manager: EntityManager,
    member: string,
    blocks: readonly BlockRow[],
    { t_min, t_max, t_exptime, pwv, antenna_arrays }: ObservedOus,
  ): Promise<void> {
    await manager.query(`DELETE FROM search.execution_block WHERE member_ous_uid = $1`, [member]);
    await insertRows(manager, 'execution_block', blocks);
    await manager.query(
      `UPDATE search.observation SET t_min = COALESCE($2, observed), t_max = $3::double precision,
              t_exptime = $4::double precision, t_resolution = $4::double precision, pwv = $5::real WHERE ous = $1`,
      [member, t_min, t_max, t_exptime, pwv],
    );
    await manager.query(`UPDATE search.mous SET antenna_arrays = $2 WHERE ous = $1`, [member, antenna_arrays]);
  }

  /**
   * Records changes and wakes those who wait for one. The lock makes the order of the numbers that of the commits, so that
   * a reader who has seen a number never finds a lower one later; call it last.
   */
  async addChanges(manager: EntityManager, changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    await lockUntilCommit(manager, ['almagest.search.change']);
    for (const { kind, ous, project, revision, delivery_id } of changes) {
      await manager.query(
        `INSERT INTO search.change
           (change_id, kind, ous_uid, proposal_id, revision, delivery_id, data_rights, changed_at)
         SELECT (SELECT COALESCE(max(change_id), 0) + 1 FROM search.change), $1, $2, $3, $4, $5,
                (SELECT CASE WHEN is_public THEN 'Public' ELSE 'Proprietary' END FROM search.ous
                  WHERE ous = $2 AND delivery_id IS NOT NULL),
                clock_timestamp() AT TIME ZONE 'UTC'`,
        [kind, ous, project, revision, delivery_id],
      );
    }
    await manager.query(`SELECT pg_notify($1, '')`, [CHANGES_CHANNEL]);
  }
}

/** The channel that announces new rows of `search.change`. */
export const CHANGES_CHANNEL = 'almagest.search.changes';
