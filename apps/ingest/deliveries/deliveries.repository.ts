import type { Qa2Result } from '@almagest/contracts';
import type { Uid } from '@almagest/ous';
import { Injectable } from '@nestjs/common';
import { Column, DataSource, Entity, type EntityManager } from 'typeorm';
import { FailureCounts } from '../retry/failed-runs';

/** A delivery to be stored, and its state. Its id is that of the QA2 result. */
@Entity({ name: 'delivery' })
export class IngestDeliveryRow extends FailureCounts {
  @Column('text')
  ous!: Uid;

  @Column('jsonb')
  result!: Qa2Result;

  @Column('text')
  state!: 'waiting' | 'stored' | 'rejected';

  /** The plan that its tree is packed by; null for posted parts, and before the first run. */
  @Column({ type: 'text', nullable: true })
  plan!: string | null;
}

/** Reads and writes deliveries; decides nothing. */
@Injectable()
export class DeliveriesRepository {
  constructor(private readonly dataSource: DataSource) {}

  async insert(manager: EntityManager, row: Pick<IngestDeliveryRow, 'id' | 'ous' | 'result'>): Promise<void> {
    await manager.insert(IngestDeliveryRow, { ...row, state: 'waiting' });
  }

  async find(id: string): Promise<IngestDeliveryRow | null> {
    return this.dataSource.manager.findOneBy(IngestDeliveryRow, { id });
  }

  /** Returns the deliveries of an ObsUnitSet in any state. */
  async findByOus(ous: IngestDeliveryRow['ous']): Promise<IngestDeliveryRow[]> {
    return this.dataSource.manager.findBy(IngestDeliveryRow, { ous });
  }

  /** Settles a delivery that waits; returns false when another run has settled it. */
  async settle(manager: EntityManager, id: string, state: 'stored' | 'rejected'): Promise<boolean> {
    const { affected } = await manager.update(IngestDeliveryRow, { id, state: 'waiting' }, { state });
    return affected === 1;
  }

  async notePlan(id: string, plan: string | null): Promise<void> {
    await this.dataSource.manager.update(IngestDeliveryRow, { id }, { plan });
  }
}
