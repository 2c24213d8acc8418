import { randomUUID } from 'node:crypto';
import type { DataOf, partLost } from '@almagest/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { PartRestorationRow } from './part-restoration.entity';

/** Reads and writes the restorations of lost parts; decides nothing. */
@Injectable()
export class RestorationsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The id of a new restoration; null when one of this object waits already. */
  async insert(manager: EntityManager, lost: DataOf<typeof partLost>): Promise<string | null> {
    const rows = await manager.query<{ id: string }[]>(
      `INSERT INTO ingest.part_restoration (id, object_key, lost, state) VALUES ($1, $2, $3, 'waiting')
       ON CONFLICT (object_key) WHERE state = 'waiting' DO NOTHING RETURNING id`,
      [randomUUID(), lost.part.key, JSON.stringify(lost)],
    );
    return rows[0]?.id ?? null;
  }

  async find(id: string): Promise<PartRestorationRow | null> {
    return this.dataSource.manager.findOneBy(PartRestorationRow, { id });
  }

  /** Whether an object waits to be restored. */
  async isAwaited(key: string): Promise<boolean> {
    return this.dataSource.manager.existsBy(PartRestorationRow, { object_key: key, state: 'waiting' });
  }

  /** Ends a restoration that waits; false when another run has ended it. */
  async settle(manager: EntityManager, id: string, state: 'restored' | 'not-restored'): Promise<boolean> {
    const { affected } = await manager.update(PartRestorationRow, { id, state: 'waiting' }, { state });
    return affected === 1;
  }
}
