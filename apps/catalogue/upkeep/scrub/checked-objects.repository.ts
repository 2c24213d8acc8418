import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { CheckedObjectRow } from './checked-object.entity';

/** An object that was read, and what was found. */
export type Checked = Pick<CheckedObjectRow, 'object_key' | 'outcome' | 'checked_at'>;

/** Remembers what scrubs found of each object; decides nothing. */
@Injectable()
export class CheckedObjectsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async remember(manager: EntityManager, checked: readonly Checked[]): Promise<void> {
    await manager.query(
      `INSERT INTO catalogue.checked_object (object_key, outcome, checked_at, good_at)
         SELECT key, outcome, at, CASE outcome WHEN 'good' THEN at END
           FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS checked (key, outcome, at)
         ON CONFLICT (object_key) DO UPDATE SET outcome = excluded.outcome, checked_at = excluded.checked_at,
           good_at = coalesce(excluded.good_at, checked_object.good_at)`,
      [
        checked.map((object) => object.object_key),
        checked.map((object) => object.outcome),
        checked.map((object) => object.checked_at),
      ],
    );
  }

  /** When each of these objects was last seen as it should be; those never seen so are left out. */
  async lastGood(manager: EntityManager, keys: readonly string[]): Promise<Map<string, Date>> {
    const rows = await manager.query<{ object_key: string; good_at: Date }[]>(
      `SELECT object_key, good_at FROM catalogue.checked_object WHERE object_key = ANY ($1) AND good_at IS NOT NULL`,
      [keys],
    );
    return new Map(rows.map((row) => [row.object_key, row.good_at]));
  }

  /** Objects that were not as they should be when they were last read. */
  async countDamaged(): Promise<number> {
    const [row] = await this.dataSource.query<{ damaged: string }[]>(
      `SELECT count(*) AS damaged FROM catalogue.checked_object WHERE outcome <> 'good'`,
    );
    return Number(row?.damaged);
  }
}
