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

  /** Ends a delivery that waits; false when another run has ended it. */
  async settle(manager: EntityManager, id: string, state: 'stored' | 'rejected'): Promise<boolean> {
    const { affected } = await manager.update(IngestDeliveryRow, { id, state: 'waiting' }, { state });
    return affected === 1;
  }

  /** Counts a failed run; the number of failures so far. */
  async noteFailure(id: string, reason: string): Promise<number> {
    await this.dataSource.manager.increment(IngestDeliveryRow, { id }, 'failures', 1);
    await this.dataSource.manager.update(IngestDeliveryRow, { id }, { last_failure: reason });
    return (await this.find(id))?.failures ?? 0;
  }
}
