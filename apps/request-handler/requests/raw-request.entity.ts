import { BYTES } from '@almagest/catalogue-db';
import type { RawAsdm, RawRequest } from '@almagest/contracts';
import type { Uid } from '@almagest/ous';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Somebody's request for raw data of a MemberOUS. */
@Entity({ name: 'raw_request' })
export class RawRequestRow {
  @PrimaryColumn('uuid')
  id!: string;

  /** Order of asking. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  @Index()
  position!: string;

  /** Who asked, as the guard knows them. */
  @Column('text')
  @Index()
  requester!: string;

  @Column('text')
  project!: string;

  @Column('text')
  group_uid!: Uid;

  @Column('text')
  ous!: Uid;

  /** The newest revision of the MemberOUS that was heard of when it was asked. */
  @Column('int')
  revision!: number;

  /** Its delivery then. */
  @Column({ type: 'uuid', nullable: true })
  delivery_id!: string | null;

  /** The address is never logged, never shown. */
  @Column({ type: 'jsonb', nullable: true })
  notify!: RawRequest['notify'] | null;

  @Column('text')
  state!: 'staging' | 'staged' | 'failed' | 'expired';

  @Column({ type: 'timestamptz', default: () => 'now()' })
  requested_at!: Date;

  /** When the last of its ASDMs was staged or given up. */
  @Column({ type: 'timestamptz', nullable: true })
  settled_at!: Date | null;

  /** Known once it is settled. */
  @Column({ type: 'timestamptz', nullable: true })
  expires_at!: Date | null;
}

/** A request as it is written down; the database adds the rest. */
export type NewRequest = Omit<RawRequestRow, 'position' | 'requested_at'>;

/** An ASDM in the staging area, or on its way there; requests share it. */
@Entity({ name: 'staged_asdm' })
export class StagedAsdmRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  project!: string;

  @Column('text')
  @Index()
  ous!: Uid;

  @Column('text')
  execution_block!: Uid;

  @Column('text')
  use!: 'used' | 'additional';

  /** In the bulk store, as it was posted. */
  @Column('text')
  location!: string;

  @Column(BYTES)
  size!: number;

  @Column('text')
  file_name!: string;

  /** Its directory in the unpacked tree (§5.1). */
  @Column('text')
  unpacks_to!: string;

  /** In the staging area. */
  @Column('text')
  object_key!: string;

  /** `removing`: nobody has it any more, and its object goes. */
  @Column('text')
  state!: Exclude<RawAsdm['state'], 'expired'> | 'removing' | 'removed';

  /** Which try it is; a job of an earlier one has nothing to say any more. */
  @Column('int')
  attempt!: number;

  /** Runs of this try that failed. */
  @Column('int')
  failures!: number;

  @Column(BYTES)
  bytes_done!: number;

  @Column({ type: 'text', nullable: true })
  sha256!: string | null;

  @Column({ type: 'jsonb', nullable: true })
  error!: RawAsdm['error'];

  @Column({ type: 'timestamptz', nullable: true })
  staged_at!: Date | null;
}

/** Which ASDMs a request is for. */
@Entity({ name: 'raw_request_asdm' })
export class RawRequestAsdmRow {
  @PrimaryColumn('uuid')
  request_id!: string;

  @PrimaryColumn('uuid')
  @Index()
  asdm_id!: string;
}
