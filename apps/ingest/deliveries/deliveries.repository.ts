import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { IngestDeliveryRow } from './delivery.entity';

/** Reads and writes the deliveries that are taken in; decides nothing. */
@Injectable()
export class DeliveriesRepository {
  constructor(private readonly dataSource: DataSource) {}

  async insert(manager: EntityManager, row: Pick<IngestDeliveryRow, 'id' | 'ous' | 'result'>): Promise<void> {
    await manager.insert(IngestDeliveryRow, { ...row, state: 'waiting' });
  }

  async find(id: string): Promise<IngestDeliveryRow | null> {
    return this.dataSource.manager.findOneBy(IngestDeliveryRow, { id });
  }

  /** The deliveries of an ObsUnitSet, whatever became of them. */
  async of(ous: IngestDeliveryRow['ous']): Promise<IngestDeliveryRow[]> {
    return this.dataSource.manager.findBy(IngestDeliveryRow, { ous });
  }

  /** Ends a delivery that waits; false when another run has ended it. */
  async settle(manager: EntityManager, id: string, state: 'stored' | 'rejected'): Promise<boolean> {
    const { affected } = await manager.update(IngestDeliveryRow, { id, state: 'waiting' }, { state });
    return affected === 1;
  }

  async notePlan(id: string, plan: string | null): Promise<void> {
    await this.dataSource.manager.update(IngestDeliveryRow, { id }, { plan });
  }
}
