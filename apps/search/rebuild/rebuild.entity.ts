import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A rebuild of what queries see. */
@Entity({ name: 'rebuild' })
export class RebuildRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  state!: 'waiting' | 'running' | 'done';

  @Column({ type: 'timestamptz', default: () => 'now()' })
  requested_at!: Date;

  @Column({ type: 'timestamptz', nullable: true })
  ended_at!: Date | null;

  /** The uid of the ObsUnitSet up to which it is done, in byte order. */
  @Column({ type: 'text', default: '' })
  done_to!: string;

  @Column({ type: 'int', default: 0 })
  deliveries!: number;

  /** ObsUnitSets that were shown without a current delivery. */
  @Column({ type: 'int', default: 0 })
  removed!: number;

  @Column({ type: 'text', nullable: true })
  last_failure!: string | null;
}
