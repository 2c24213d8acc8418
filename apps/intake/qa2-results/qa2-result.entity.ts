import type { DeliveryReport, Qa2Outcome, Qa2Result, Qa2State } from '@almagest/contracts';
import type { Uid } from '@almagest/ous';
import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** A QA2 result as it was posted, and its progress. */
@Entity({ name: 'qa2_result' })
export class Qa2ResultRow {
  @PrimaryColumn('uuid')
  id!: string;

  /** Order of arrival, newest last. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  @Index()
  position!: string;

  @Column('text')
  project!: string;

  @Column('text')
  group_uid!: Uid;

  /** The ObsUnitSet that the delivery is named after. */
  @Column('text')
  ous!: Uid;

  @Column('text')
  level!: 'member' | 'group';

  @Column('int')
  revision!: number;

  @Column('text')
  outcome!: Qa2Outcome;

  @Column('jsonb')
  content!: Qa2Result;

  /** SHA-256 of the content: recognises a result that is posted again. */
  @Column('text')
  fingerprint!: string;

  @Column('text')
  state!: Qa2State;

  @Column({ type: 'jsonb', nullable: true })
  report!: DeliveryReport | null;
}

/** An ObsUnitSet that the delivery of a result serves, with its place in the hierarchy: most serve one. */
@Entity({ name: 'qa2_result_serves' })
@Unique('qa2_result_serves_ous_revision', ['ous', 'revision'])
export class Qa2ResultServesRow {
  @PrimaryColumn('uuid')
  result_id!: string;

  @PrimaryColumn('text')
  ous!: Uid;

  /** That of the result: each revision of an ObsUnitSet is recorded once. */
  @Column('int')
  revision!: number;

  @Column('text')
  @Index()
  group_uid!: Uid;

  @Column('text')
  science_goal!: Uid;
}

/** A step in the progress of a result. */
@Entity({ name: 'qa2_result_history' })
export class Qa2ResultHistoryRow {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  position!: string;

  @Column('uuid')
  @Index()
  result_id!: string;

  @Column('text')
  state!: Qa2State;

  @Column('timestamptz')
  at!: Date;

  @Column({ type: 'text', nullable: true })
  detail!: string | null;
}
