import type { DeliveryReport, ImageRecord, ManifestFile, Qa2Outcome, Withdrawal } from '@almagest/contracts';
import type { Uid } from '@almagest/ous';
import { Column, type ColumnOptions, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** A number of bytes. PostgreSQL's bigint is a safe integer here: a part is far below 2^53 bytes. */
export const BYTES: ColumnOptions = {
  type: 'bigint',
  transformer: {
    to: (value: number) => value,
    from: (value: string | null) => (value === null ? null : Number(value)),
  },
};

/** A delivery: one revision of the products of an ObsUnitSet, or of the several MemberOUSs that its files serve. */
@Entity({ name: 'delivery' })
export class DeliveryRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  project!: string;

  /** The ObsUnitSet that it is named after, in the store too. */
  @Column('text')
  ous!: Uid;

  @Column('text')
  level!: 'member' | 'group';

  @Column('int')
  revision!: number;

  /** `replaced` once newer revisions have replaced it for every ObsUnitSet that it serves. */
  @Column('text')
  state!: 'current' | 'replaced' | 'withdrawn';

  @Column('text')
  outcome!: Qa2Outcome;

  @Column('text')
  mode!: string;

  @Column('int')
  parts!: number;

  @Column('int')
  files!: number;

  @Column(BYTES)
  bytes!: number;

  @Column('timestamptz')
  catalogued_at!: Date;

  @Column({ type: 'timestamptz', nullable: true })
  replaced_at!: Date | null;

  @Column({ type: 'date', nullable: true })
  release_date!: string | null;

  @Column('jsonb')
  report!: DeliveryReport;
}

/** An ObsUnitSet that a delivery serves: most serve one. */
@Entity({ name: 'delivery_serves' })
@Unique('delivery_serves_ous_revision', ['ous', 'revision'])
export class DeliveryServesRow {
  @PrimaryColumn('uuid')
  delivery_id!: string;

  @PrimaryColumn('text')
  ous!: Uid;

  /** That of the delivery: each revision of an ObsUnitSet is delivered once. */
  @Column('int')
  revision!: number;

  /** When a newer revision of this ObsUnitSet replaced it. */
  @Column({ type: 'timestamptz', nullable: true })
  replaced_at!: Date | null;
}

/** The delivery of a member that a GroupOUS delivery combines. */
@Entity({ name: 'delivery_combines' })
export class DeliveryCombinesRow {
  @PrimaryColumn('uuid')
  delivery_id!: string;

  @PrimaryColumn('text')
  member_uid!: Uid;

  @Column('uuid')
  member_delivery_id!: string;

  @Column('int')
  member_revision!: number;
}

/** A tar part of a delivery in the object store. */
@Entity({ name: 'part' })
export class PartRow {
  @PrimaryColumn('uuid')
  delivery_id!: string;

  @PrimaryColumn('text')
  @Index('part_name')
  name!: string;

  @Column('int')
  position!: number;

  @Column(BYTES)
  size!: number;

  @Column('text')
  sha256!: string;

  /** Sorted as the store's listings are, so that a reconciliation can merge the two. */
  @Column({ type: 'text', collation: 'C' })
  @Index('part_object_key', { unique: true })
  object_key!: string;
}

/** The manifest object of a delivery in the object store. */
@Entity({ name: 'manifest' })
export class ManifestRow {
  @PrimaryColumn('uuid')
  delivery_id!: string;

  /** Sorted as the store's listings are, so that a reconciliation can merge the two. */
  @Column({ type: 'text', collation: 'C' })
  @Index('manifest_object_key', { unique: true })
  object_key!: string;

  /** Size and digest are null for a delivery that was catalogued before the archive recorded them. */
  @Column({ ...BYTES, nullable: true })
  size!: number | null;

  @Column({ type: 'text', nullable: true })
  sha256!: string | null;
}

/** The withdrawal of a delivery; the same facts as in the note beside its manifest. */
@Entity({ name: 'withdrawal' })
export class WithdrawalRow {
  @PrimaryColumn('uuid')
  delivery_id!: string;

  /** Sorted as the store's listings are, so that a reconciliation can merge the two. */
  @Column({ type: 'text', collation: 'C' })
  @Index('withdrawal_object_key', { unique: true })
  object_key!: string;

  @Column(BYTES)
  size!: number;

  @Column('text')
  sha256!: string;

  @Column('timestamptz')
  withdrawn_at!: Date;

  /** The state of the delivery until then; `unseen`: it was never visible. */
  @Column('text')
  was!: Withdrawal['was'];

  @Column('jsonb')
  by!: Withdrawal['by'];

  @Column({ type: 'text', nullable: true })
  reason!: string | null;
}

/** A file inside a part; it is served as a byte range of the part. */
@Entity({ name: 'member_file' })
export class MemberFileRow {
  @PrimaryColumn('uuid')
  delivery_id!: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  path!: string;

  @Column('text')
  part!: string;

  /** Offset of the first data byte in the part. */
  @Column({ ...BYTES, name: 'data_offset' })
  offset!: number;

  @Column(BYTES)
  size!: number;

  @Column('text')
  sha256!: string;

  /** Item of §3. */
  @Column({ type: 'smallint', nullable: true })
  item!: number | null;

  @Column('text')
  role!: string;

  /** The stored runs of a sparse member; null for a plain member. */
  @Column({ type: 'jsonb', nullable: true })
  segments!: ManifestFile['segments'];

  /** What an image shows; null for other files. */
  @Column({ type: 'jsonb', nullable: true })
  image!: ImageRecord | null;
}

/** A link that an operator revoked before it expired. */
@Entity({ name: 'revoked_link' })
export class RevokedLinkRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  revoked_at!: Date;
}
