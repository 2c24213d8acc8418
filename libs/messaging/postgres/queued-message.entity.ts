import type { KafkaPlace } from '@almagest/contracts';
import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/**
 * A message on its way to one service: the topics of the Postgres bus, and on Kafka what waits to be tried again. It goes
 * when the service has handled it.
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

  /** Messages of one partition are handled one after another; a key is always in the same one. */
  @Column('smallint')
  partition!: number;

  /** The message's own id, or where it came from: put here again, it is there once. */
  @Column('text')
  id!: string;

  @Column('jsonb')
  message!: unknown;

  /** Runs that were begun. */
  @Column({ type: 'int', default: 0 })
  attempts!: number;

  /** Not before this time: it failed and waits. */
  @Column({ type: 'timestamptz', default: () => 'now()' })
  run_at!: Date;

  /** Where on Kafka it was read. */
  @Column({ type: 'jsonb', nullable: true })
  place!: KafkaPlace | null;
}
