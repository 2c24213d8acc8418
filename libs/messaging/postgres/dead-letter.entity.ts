import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A message that was given up: the dead-letter topic of the Postgres bus. */
@Entity({ name: 'dead_letter' })
export class DeadLetterRow {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  id!: string;

  /** The message as it came. */
  @Column('jsonb')
  message!: unknown;

  @Column('text')
  service!: string;

  @Column('text')
  reason!: string;

  @Column('int')
  attempts!: number;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  dead_at!: Date;
}
