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

  /** Runs that failed for a passing reason. */
  @Column({ type: 'int', default: 0 })
  failures!: number;

  @Column({ type: 'text', nullable: true })
  last_failure!: string | null;
}
