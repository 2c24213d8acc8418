import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DeliveryRecipientsRow } from './delivery-recipients.entity';

/** Reads and writes the recipients of deliveries. */
@Injectable()
export class RecipientsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async note(manager: EntityManager, delivery: string, addresses: readonly string[]): Promise<void> {
    const lower = addresses.map((address) => address.toLowerCase());
    await manager.upsert(DeliveryRecipientsRow, { delivery_id: delivery, addresses: lower }, ['delivery_id']);
  }

  /** Returns true when this address is a recipient of the mail about the delivery. */
  async has(delivery: string, address: string): Promise<boolean> {
    const row = await this.dataSource.manager.findOneBy(DeliveryRecipientsRow, { delivery_id: delivery });
    return row?.addresses.includes(address.toLowerCase()) ?? false;
  }
}
