import { Column, PrimaryColumn } from 'typeorm';

/** What a row keeps of the failed runs of its job. */
export abstract class FailureCounts {
  @PrimaryColumn('uuid')
  id!: string;

  /** Runs that failed because of what was sent or its source; they are limited. */
  @Column({ type: 'int', default: 0 })
  failures!: number;

  /** Runs that failed because of the archive; they are not. */
  @Column({ type: 'int', default: 0 })
  hold_ups!: number;

  @Column({ type: 'text', nullable: true })
  last_failure!: string | null;
}
