import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What scrubs know of a stored object: when it was last read, what was found, when it was last as it should be. */
@Entity({ name: 'checked_object' })
export class CheckedObjectRow {
  @PrimaryColumn({ type: 'text', collation: 'C' })
  object_key!: string;

  @Column('text')
  @Index('checked_object_damaged', { where: `"outcome" <> 'good'` })
  outcome!: 'good' | 'corrupt' | 'unreadable' | 'lost';

  @Column('timestamptz')
  checked_at!: Date;

  @Column({ type: 'timestamptz', nullable: true })
  good_at!: Date | null;
}
