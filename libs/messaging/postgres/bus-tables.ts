import type { KafkaPlace, ServiceName } from '@almagest/contracts';
import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import { migrations } from '../../../migrations/bus';

/** Partitions of a service's messages, like those of a topic: so many messages can be handled at the same time. */
export const PARTITIONS = 16;

/**
 * A message to be handled by one service. The rows are the topics of the Postgres bus; on Kafka they are the messages
 * that wait for a retry. A row is deleted when the service has handled its message.
 */
@Entity({ name: 'queued_message' })
@Unique('queued_message_once', ['service', 'id'])
@Index('queued_message_order', ['service', 'partition', 'position'])
export class QueuedMessageRow {
  /** Order of publication. */
  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  position!: string;

  @Column('text')
  service!: string;

  /** The messages of one partition are handled one after another. A key is always in the same partition. */
  @Column('smallint')
  partition!: number;

  /** The message's id or its place on Kafka; a message that is added again is stored once. */
  @Column('text')
  id!: string;

  @Column('jsonb')
  message!: unknown;

  /** Runs that were started. */
  @Column({ type: 'int', default: 0 })
  attempts!: number;

  /** When the message may run; later than now while it waits for a retry. */
  @Column({ type: 'timestamptz', default: () => 'now()' })
  run_at!: Date;

  /** Where on Kafka it was read. */
  @Column({ type: 'jsonb', nullable: true })
  place!: KafkaPlace | null;
}

/** A message that a service gave up, from either bus. The row remains after an operator has settled it. */
@Entity({ name: 'dead_letter' })
@Unique('dead_letter_once', ['service', 'place'])
@Index('dead_letter_listing', ['state', 'id'])
export class DeadLetterRow {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  id!: string;

  /** The message as it was received. */
  @Column('jsonb')
  message!: unknown;

  @Column('text')
  service!: ServiceName;

  @Column('text')
  reason!: string;

  @Column('int')
  attempts!: number;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  dead_at!: Date;

  /** Where on Kafka it was read. A message read again at the same place is the same dead letter. */
  @Column({ type: 'jsonb', nullable: true })
  place!: KafkaPlace | null;

  @Column({ type: 'text', default: 'waiting' })
  state!: 'waiting' | 'replayed' | 'discarded';

  /** When it was replayed or discarded. */
  @Column({ type: 'timestamptz', nullable: true })
  settled_at!: Date | null;
}

/** The schema `bus` of the database. */
export const busSchema = { schema: 'bus', entities: [DeadLetterRow, QueuedMessageRow], migrations };

/** Returns the channel that wakes the readers of a service. */
export function busChannel(service: string): string {
  return `almagest.bus.${service}`;
}

/**
 * Returns the JSON text of a value in a form that PostgreSQL's jsonb accepts. It accepts neither NUL nor half a
 * surrogate pair, which JSON may contain; both become the replacement character.
 */
export function jsonbText(value: unknown): string {
  return JSON.stringify(value).replace(/\\(?:\\|u(0000|d[89a-f][0-9a-f]{2}))/g, (escape, unfit) =>
    unfit === undefined ? escape : '\\ufffd',
  );
}
