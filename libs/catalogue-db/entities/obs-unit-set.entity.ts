import type { Observation, Qa2Outcome, Withdrawal } from '@almagest/contracts';
import type { ArrayKind, Uid } from '@almagest/ous';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BYTES } from './delivery.entity';

/** The state of an ObsUnitSet, according to its newest known revision. */
export type OusState = 'awaited' | 'accepted' | 'rejected' | 'not-delivered' | 'delivered';

/** A QA2 result with outcome FAIL. */
export type Failure = Withdrawal['by'] & Pick<Withdrawal, 'reason'>;

/** A GroupOUS or MemberOUS (§2) with its place in the hierarchy and its state. */
@Entity({ name: 'obs_unit_set' })
export class ObsUnitSetRow {
  @PrimaryColumn('text')
  uid!: Uid;

  @Column('text')
  level!: 'member' | 'group';

  @Column('text')
  @Index()
  project!: string;

  @Column('text')
  science_goal!: Uid;

  /** The GroupOUS; a group's own uid for the group itself. */
  @Column('text')
  @Index()
  group_uid!: Uid;

  /** False for a member that the group's newest message no longer lists. */
  @Column({ type: 'boolean', default: true })
  listed!: boolean;

  @Column({ type: 'text', nullable: true })
  array!: ArrayKind | null;

  @Column({ type: 'jsonb', nullable: true })
  scheduling_block!: { uid: Uid; name: string } | null;

  /** The newest known revision. */
  @Column({ type: 'int', nullable: true })
  revision!: number | null;

  @Column({ type: 'text', default: 'awaited' })
  state!: OusState;

  @Column({ type: 'text', nullable: true })
  outcome!: Qa2Outcome | null;

  @Column({ type: 'uuid', nullable: true })
  delivery_id!: string | null;

  /** The FAIL of the highest revision. It withdraws every delivery below it, including those that arrive later. */
  @Column({ type: 'jsonb', nullable: true })
  failed!: Failure | null;
}

/** An execution of a MemberOUS's scheduling block and its raw ASDM (§3, item 7). */
@Entity({ name: 'execution_block' })
export class ExecutionBlockRow {
  @PrimaryColumn('text')
  member_uid!: Uid;

  @PrimaryColumn('text')
  @Index('execution_block_uid')
  uid!: Uid;

  @Column('text')
  use!: 'used' | 'additional';

  @Column(BYTES)
  asdm_size!: number;

  @Column('text')
  asdm_location!: string;

  /** How it was observed, as the QA2 result states. */
  @Column({ type: 'jsonb', nullable: true })
  observation!: Observation | null;
}

/** A period in which all members of a group had passed QA2 and could be combined. */
@Entity({ name: 'group_readiness' })
export class GroupReadinessRow {
  @PrimaryColumn('text')
  group_uid!: Uid;

  @PrimaryColumn('int')
  number!: number;

  @Column('timestamptz')
  since!: Date;

  @Column('jsonb')
  members!: { uid: Uid; revision: number }[];

  @Column({ type: 'timestamptz', nullable: true })
  withdrawn_at!: Date | null;

  @Column({ type: 'text', nullable: true })
  withdrawn_reason!: string | null;
}
