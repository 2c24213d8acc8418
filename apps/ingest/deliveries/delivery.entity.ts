import type { Qa2Result } from '@almagest/contracts';
import type { Uid } from '@almagest/ous';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A delivery that is to be taken in, and what became of it. */
@Entity({ name: 'delivery' })
export class IngestDeliveryRow {
  /** The id of the QA2 result, and of the delivery. */
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  ous!: Uid;

  @Column('jsonb')
  result!: Qa2Result;

  @Column('text')
  state!: 'waiting' | 'stored' | 'rejected';

  /** The plan by which its tree is being packed; null for posted parts, and before the first run. */
  @Column({ type: 'text', nullable: true })
  plan!: string | null;

  /** Runs that failed because of the delivery or its source; they are limited. */
  @Column({ type: 'int', default: 0 })
  failures!: number;

  /** Runs that failed because of the archive; they are not. */
  @Column({ type: 'int', default: 0 })
  hold_ups!: number;

  @Column({ type: 'text', nullable: true })
  last_failure!: string | null;
}
