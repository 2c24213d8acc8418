import { Injectable } from '@nestjs/common';
import { Column, DataSource, Entity, type EntityManager, Index, PrimaryColumn } from 'typeorm';

/** What scrubs know about a stored object: when it was last read, the result, and when it was last intact. */
@Entity({ name: 'checked_object' })
export class CheckedObjectRow {
  @PrimaryColumn({ type: 'text', collation: 'C' })
  object_key!: string;

  @Column('text')
  @Index('checked_object_damaged', { where: `"outcome" <> 'good'` })
  outcome!: 'good' | 'corrupt' | 'unreadable' | 'lost';

  /** The version of the object that was found damaged (`versionOf`). */
  @Column({ type: 'text', nullable: true })
  damaged_version!: string | null;

  @Column('timestamptz')
  checked_at!: Date;

  @Column({ type: 'timestamptz', nullable: true })
  good_at!: Date | null;
}

/** Records what scrubs found for each object. */
@Injectable()
export class CheckedObjectsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async record(
    manager: EntityManager,
    checked: readonly Pick<CheckedObjectRow, 'object_key' | 'outcome' | 'damaged_version' | 'checked_at'>[],
  ): Promise<void> {
    await manager.query(
      `INSERT INTO catalogue.checked_object (object_key, outcome, damaged_version, checked_at, good_at)
         SELECT key, outcome, version, at, CASE outcome WHEN 'good' THEN at END
           FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS checked (key, outcome, version, at)
         ON CONFLICT (object_key) DO UPDATE SET outcome = excluded.outcome, checked_at = excluded.checked_at,
           damaged_version = excluded.damaged_version, good_at = coalesce(excluded.good_at, checked_object.good_at)`,
      [
        checked.map((object) => object.object_key),
        checked.map((object) => object.outcome),
        checked.map((object) => object.damaged_version),
        checked.map((object) => object.checked_at),
      ],
    );
  }

  /** Returns when each of these objects was last found intact; leaves out those that never were. */
  async lastGood(manager: EntityManager, keys: readonly string[]): Promise<Map<string, Date>> {
    const rows = await manager.query<{ object_key: string; good_at: Date }[]>(
      `SELECT object_key, good_at FROM catalogue.checked_object WHERE object_key = ANY ($1) AND good_at IS NOT NULL`,
      [keys],
    );
    return new Map(rows.map((row) => [row.object_key, row.good_at]));
  }

  /** Counts the objects that were not intact when they were last read. */
  async countDamaged(): Promise<number> {
    const [row] = await this.dataSource.query<{ damaged: string }[]>(
      `SELECT count(*) AS damaged FROM catalogue.checked_object WHERE outcome <> 'good'`,
    );
    return Number(row?.damaged);
  }
}
