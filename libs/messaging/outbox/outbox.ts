import type { DataOf, EventContract, ServiceName } from '@almagest/contracts';
import type { EntityManager } from 'typeorm';
import { makeMessage } from '../message';
import { OutboxRow } from './outbox.entity';

/** The channel that wakes a service's relay. */
export function outboxChannel(service: ServiceName): string {
  return `almagest.outbox.${service}`;
}

/** A service's schema in the database. */
export function schemaOf(service: ServiceName): string {
  return service.replaceAll('-', '_');
}

/** How a service publishes: by a row in its own schema, in the transaction of the state change the event tells of. */
export class Outbox {
  constructor(private readonly service: ServiceName) {}

  /** Publishes when, and only when, the transaction of `manager` commits. */
  async add<Contract extends EventContract>(
    manager: EntityManager,
    contract: Contract,
    about: { key: string; subject: string },
    data: DataOf<Contract>,
  ): Promise<void> {
    const message = makeMessage(contract, { ...about, source: `/almagest/${this.service}` }, data);
    await manager.insert(OutboxRow, {
      id: message.id,
      aggregatetype: message.topic,
      aggregateid: message.key,
      type: message.type,
      payload: message,
    });
    await manager.query(`SELECT pg_notify($1, '')`, [outboxChannel(this.service)]);
  }
}
