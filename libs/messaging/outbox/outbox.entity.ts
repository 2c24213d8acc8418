import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A message that waits to be published, written in the transaction of the state change it tells of. Columns are named
 * as Debezium's outbox event router expects them, so that change data capture can take the relay's place.
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
