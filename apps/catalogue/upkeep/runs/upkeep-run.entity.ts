import type { Rebuild, Reconciliation, Scrub, UpkeepFinding } from '@almagest/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The progress of a run, for each kind of run. */
export interface ProgressOf {
  scrub: Pick<Scrub, 'objects' | 'bytes' | 'damaged' | 'reading'>;
  reconciliation: Pick<Reconciliation, 'catalogued' | 'stored' | 'recent' | 'inFlight' | 'findingCount' | 'repaired'>;
  rebuild: Pick<Rebuild, 'deliveries' | 'findingCount'>;
}
export type RunKind = keyof ProgressOf;

/** The progress of a run that has not started. */
export const INITIAL_PROGRESS: Readonly<ProgressOf> = {
  scrub: { objects: { due: 0, read: 0 }, bytes: { due: 0, read: 0 }, damaged: 0, reading: null },
  reconciliation: { catalogued: 0, stored: 0, recent: 0, inFlight: 0, findingCount: 0, repaired: 0 },
  rebuild: { deliveries: 0, findingCount: 0 },
};

/** A requested run of upkeep and its progress. One run of each kind is unfinished at a time. */
@Entity({ name: 'upkeep_run' })
@Index(['kind', 'position'])
export class UpkeepRunRow {
  @PrimaryColumn('uuid')
  id!: string;

  /** The order of the requests. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  position!: string;

  @Column('text')
  kind!: RunKind;

  @Column('text')
  state!: 'waiting' | 'running' | 'done';

  @Column('boolean')
  scheduled!: boolean;

  /** For a reconciliation: whether it may delete and recover objects. */
  @Column('boolean')
  repair!: boolean;

  @Column('timestamptz')
  requested_at!: Date;

  @Column({ type: 'timestamptz', nullable: true })
  started_at!: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  ended_at!: Date | null;

  /** The number of attempts so far. Only the latest one may write. */
  @Column({ type: 'int', default: 0 })
  attempt!: number;

  @Column({ type: 'text', nullable: true })
  last_failure!: string | null;

  /** The object key up to which the run is done; the next attempt resumes after it. */
  @Column({ type: 'text', default: '' })
  done_to!: string;

  /** The progress of this kind of run. */
  @Column('jsonb')
  progress!: ProgressOf[RunKind];

  /** For a reconciliation: lost parts whose recovery was requested and is not settled. */
  @Column({ type: 'int', default: 0 })
  restoring!: number;

  /** For a reconciliation: lost parts that ingest has recovered. */
  @Column({ type: 'int', default: 0 })
  restored!: number;
}

/** A finding of a run. */
@Entity({ name: 'upkeep_finding' })
@Index(['run_id', 'id'])
@Index('upkeep_finding_pending', ['object_key'], { where: `repair = 'pending'` })
export class UpkeepFindingRow {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('uuid')
  run_id!: string;

  @Column('text')
  kind!: UpkeepFinding['kind'];

  @Column('text')
  object_key!: string;

  @Column({ type: 'text', nullable: true })
  upload_id!: string | null;

  @Column({ type: 'text', nullable: true })
  expected!: string | null;

  @Column({ type: 'text', nullable: true })
  found!: string | null;

  @Column('text')
  remark!: string;

  @Column({ type: 'text', nullable: true })
  repair!: UpkeepFinding['repair'];

  @Column({ type: 'timestamptz', nullable: true })
  last_good_at!: Date | null;

  @Column('timestamptz')
  found_at!: Date;
}
