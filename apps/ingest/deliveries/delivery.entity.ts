import type { Qa2Result } from '@almagest/contracts';
import type { Uid } from '@almagest/ous';
import { Column, Entity } from 'typeorm';
import { FailureCounts } from '../retry/failed-runs';

/** A delivery that is to be taken in, and what became of it. Its id is that of the QA2 result. */
@Entity({ name: 'delivery' })
export class IngestDeliveryRow extends FailureCounts {
  @Column('text')
  ous!: Uid;

  @Column('jsonb')
  result!: Qa2Result;

  @Column('text')
  state!: 'waiting' | 'stored' | 'rejected';

  /** The plan by which its tree is being packed; null for posted parts, and before the first run. */
  @Column({ type: 'text', nullable: true })
  plan!: string | null;
}
