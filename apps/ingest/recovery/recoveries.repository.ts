import { randomUUID } from 'node:crypto';
import type { DataOf, partLost } from '@almagest/contracts';
import { Injectable } from '@nestjs/common';
import { Column, DataSource, Entity, type EntityManager, Index } from 'typeorm';
import { FailureCounts } from '../retry/failed-runs';

/** A lost part to be transferred from its source again, and its state. */
@Entity({ name: 'part_restoration' })
@Index('part_restoration_waiting', ['object_key'], { unique: true, where: `state = 'waiting'` })
export class PartRecoveryRow extends FailureCounts {
  /** Of the part; at most one recovery of it waits. */
  @Column('text')
  object_key!: string;

  @Column('jsonb')
  lost!: DataOf<typeof partLost>;

  @Column('text')
  state!: 'waiting' | 'restored' | 'not-restored';
}

/** Reads and writes the recoveries of lost parts; decides nothing. */
@Injectable()
export class RecoveriesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Returns the id of a new recovery; null when one of this object waits already. */
  async insert(manager: EntityManager, lost: DataOf<typeof partLost>): Promise<string | null> {
    const rows = await manager.query<{ id: string }[]>(
      `INSERT INTO ingest.part_restoration (id, object_key, lost, state) VALUES ($1, $2, $3, 'waiting')
       ON CONFLICT (object_key) WHERE state = 'waiting' DO NOTHING RETURNING id`,
      [randomUUID(), lost.part.key, JSON.stringify(lost)],
    );
    return rows[0]?.id ?? null;
  }

  async find(id: string): Promise<PartRecoveryRow | null> {
    return this.dataSource.manager.findOneBy(PartRecoveryRow, { id });
  }

  /** Returns true when an object waits to be recovered. */
  async isAwaited(key: string): Promise<boolean> {
    return this.dataSource.manager.existsBy(PartRecoveryRow, { object_key: key, state: 'waiting' });
  }

  /** Settles a recovery that waits; returns false when another run has settled it. */
  async settle(manager: EntityManager, id: string, state: 'restored' | 'not-restored'): Promise<boolean> {
    const { affected } = await manager.update(PartRecoveryRow, { id, state: 'waiting' }, { state });
    return affected === 1;
  }
}
