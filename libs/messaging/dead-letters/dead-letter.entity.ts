import type { KafkaPlace, ServiceName } from '@almagest/contracts';
import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** A message that was given up, by whatever bus it came. It stays after an operator has settled it. */
@Entity({ name: 'dead_letter' })
@Unique('dead_letter_once', ['service', 'place'])
@Index('dead_letter_listing', ['state', 'id'])
export class DeadLetterRow {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  id!: string;

  /** The message as it came. */
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

  /** Where on Kafka it was read: read there again, it is the same letter. */
  @Column({ type: 'jsonb', nullable: true })
  place!: KafkaPlace | null;

  @Column({ type: 'text', default: 'waiting' })
  state!: 'waiting' | 'replayed' | 'discarded';

  /** When it was replayed or discarded. */
  @Column({ type: 'timestamptz', nullable: true })
  settled_at!: Date | null;
}
