import type { DataOf, EventContract, ServiceName } from '@almagest/contracts';
import { Column, Entity, type EntityManager, Index, PrimaryColumn } from 'typeorm';
import { makeMessage } from './message';

/**
 * A message that waits to be published, written in the transaction of the state change that it reports. The columns have
 * the names that Debezium's outbox event router expects, so that change data capture can replace the relay.
 */
@Entity({ name: 'outbox' })
export class OutboxRow {
  @PrimaryColumn('uuid')
  id!: string;

  /** Order of publication. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  @Index()
  position!: string;

  /** The topic. */
  @Column('text')
  aggregatetype!: string;

  /** The partition key. */
  @Column('text')
  aggregateid!: string;

  @Column('text')
  type!: string;

  /** The whole message. */
  @Column('jsonb')
  payload!: object;
}

/** Returns the channel that wakes a service's relay. */
export function outboxChannel(service: ServiceName): string {
  return `almagest.outbox.${service}`;
}

/** Returns a service's schema in the database. */
export function schemaOf(service: ServiceName): string {
  return service.replaceAll('-', '_');
}

/** Publishes events of a service: each is a row in its schema, in the transaction of the state change it reports. */
export class Outbox {
  constructor(private readonly service: ServiceName) {}

  /** Publishes the event if, and only if, the transaction of `manager` commits. */
  async add<Contract extends EventContract>(
    manager: EntityManager,
    contract: Contract,
    about: { key: string; subject: string },
    data: DataOf<Contract>,
  ): Promise<void> {
    const message = makeMessage(contract, { ...about, source: `/almagest/${this.service}` }, data);
    const { id, topic, key, type } = message;
    await manager.query(
      `WITH added AS (
         INSERT INTO "${schemaOf(this.service)}".outbox (id, aggregatetype, aggregateid, type, payload)
         VALUES ($1, $2, $3, $4, $5) RETURNING id)
       SELECT pg_notify($6, '') FROM added`,
      [id, topic, key, type, JSON.stringify(message), outboxChannel(this.service)],
    );
  }
}
