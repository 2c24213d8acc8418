import type { DataOf, partLost } from '@almagest/contracts';
import { Column, Entity, Index } from 'typeorm';
import { FailureCounts } from '../retry/failed-runs';

/** A lost part that is to be read again from its source, and what became of it. */
@Entity({ name: 'part_restoration' })
@Index('part_restoration_waiting', ['object_key'], { unique: true, where: `state = 'waiting'` })
export class PartRestorationRow extends FailureCounts {
  /** Of the part. One at a time waits to be restored there. */
  @Column('text')
  object_key!: string;

  @Column('jsonb')
  lost!: DataOf<typeof partLost>;

  @Column('text')
  state!: 'waiting' | 'restored' | 'not-restored';
}
