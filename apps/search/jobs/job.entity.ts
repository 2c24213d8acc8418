import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The phases that a job of this archive can have (UWS 1.1, 2.1.3). */
export const PHASES = ['PENDING', 'QUEUED', 'EXECUTING', 'COMPLETED', 'ERROR', 'ABORTED', 'ARCHIVED'] as const;
export type Phase = (typeof PHASES)[number];

/** The phases that a job leaves without a request: WAIT blocks in these only (UWS 1.1, 2.2.1.2). */
export const ACTIVE_PHASES: readonly Phase[] = ['PENDING', 'QUEUED', 'EXECUTING'];

/** The stored result of a job. */
export interface JobResult {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly mediaType: string;
}

/** A table that came with a job, as it is stored. */
export interface JobUpload {
  /** The name after `TAP_UPLOAD.`. */
  readonly name: string;
  readonly mediaType: string | null;
  readonly key: string;
  /** Bytes. */
  readonly size: number;
}

/** Why a job failed: `transient` when the same query may succeed later (UWS 1.1, 2.1.7). */
export interface JobError {
  readonly type: 'fatal' | 'transient';
  readonly message: string;
}

/** An asynchronous query. */
@Entity({ name: 'job' })
export class JobRow {
  /** Random, so that nobody can guess it: it is all that the user of an anonymous job needs. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'PK_search_job' })
  id!: string;

  /** The caller that alone may see the job; null for the job of an anonymous caller. */
  @Column({ type: 'text', nullable: true })
  owner!: string | null;

  /** Whose limits the job counts for: the owner, or the address of an anonymous caller. */
  @Index('IDX_search_job_caller')
  @Column('text')
  caller!: string;

  @Column({ type: 'text', nullable: true })
  run_id!: string | null;

  @Index('IDX_search_job_phase')
  @Column('text')
  phase!: Phase;

  /** Pairs of the name in upper case and the value, as the requests gave them. */
  @Column('jsonb')
  parameters!: [string, string][];

  @Column('jsonb')
  uploads!: JobUpload[];

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at!: Date;

  @Column({ type: 'timestamptz', nullable: true })
  queued_at!: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  started_at!: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  ended_at!: Date | null;

  /** When the job becomes ARCHIVED, and its result is deleted. */
  @Index('IDX_search_job_destruction')
  @Column('timestamptz')
  destruction!: Date;

  /** Seconds. */
  @Column('int')
  execution_duration!: number;

  /** The job of the queue that runs or ran it. */
  @Column({ type: 'uuid', nullable: true })
  ticket!: string | null;

  /** Identifies the latest run: only this one may end the job. */
  @Column({ type: 'uuid', nullable: true })
  run!: string | null;

  /** Runs that ended with the death of their process, and the one under way. */
  @Column({ type: 'int', default: 0 })
  crashes!: number;

  @Column({ type: 'jsonb', nullable: true })
  result!: JobResult | null;

  @Column({ type: 'jsonb', nullable: true })
  error!: JobError | null;

  /** Whether the object store may have objects of the job. */
  @Column({ type: 'boolean', default: false })
  has_objects!: boolean;

  /** The user has deleted it: nobody sees it, and the row is deleted after its objects. */
  @Column({ type: 'boolean', default: false })
  is_removed!: boolean;
}
