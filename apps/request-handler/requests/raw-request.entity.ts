import { BYTES } from '@almagest/catalogue-db';
import type { RawAsdm, RawRequest } from '@almagest/contracts';
import type { Uid } from '@almagest/ous';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A request for raw data of a MemberOUS. */
@Entity({ name: 'raw_request' })
export class RawRequestRow {
  @PrimaryColumn('uuid')
  id!: string;

  /** Order of the requests. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  @Index()
  position!: string;

  /** The id of the caller. */
  @Column('text')
  @Index()
  requester!: string;

  @Column('text')
  project!: string;

  @Column('text')
  group_uid!: Uid;

  @Column('text')
  ous!: Uid;

  /** The newest revision of the MemberOUS at the time of the request. */
  @Column('int')
  revision!: number;

  /** The delivery of that revision. */
  @Column({ type: 'uuid', nullable: true })
  delivery_id!: string | null;

  /** The address is never logged, never shown. */
  @Column({ type: 'jsonb', nullable: true })
  notify!: RawRequest['notify'] | null;

  @Column('text')
  state!: 'staging' | 'staged' | 'failed' | 'expired';

  @Column({ type: 'timestamptz', default: () => 'now()' })
  requested_at!: Date;

  /** When the last of its ASDMs was staged or failed. */
  @Column({ type: 'timestamptz', nullable: true })
  settled_at!: Date | null;

  /** Set when it is settled. */
  @Column({ type: 'timestamptz', nullable: true })
  expires_at!: Date | null;
}

/** A new request; the database adds the other columns. */
export type NewRequest = Omit<RawRequestRow, 'position' | 'requested_at'>;

/** An ASDM that is staged or being staged; requests share it. */
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

  /** In the bulk store, as posted. */
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

  /** `removing`: no request includes it any more, and its object is being deleted. */
  @Column('text')
  state!: Exclude<RawAsdm['state'], 'expired'> | 'removing' | 'removed';

  /** The number of the staging; a job of an earlier one changes nothing. */
  @Column('int')
  attempt!: number;

  /** Failed runs of this staging. */
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

/** The ASDMs of a request. */
@Entity({ name: 'raw_request_asdm' })
export class RawRequestAsdmRow {
  @PrimaryColumn('uuid')
  request_id!: string;

  @PrimaryColumn('uuid')
  @Index()
  asdm_id!: string;
}
