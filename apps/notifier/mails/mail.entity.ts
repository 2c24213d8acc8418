import type { DataOf, deliveryWithdrawn, mailSettled, Qa2Result } from '@almagest/contracts';
import type { Uid } from '@almagest/ous';
import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** Which mail it is. */
export type MailTemplate = 'delivered' | 'replaced' | 'withdrawn' | 'rejected' | 'raw-data';

/** Those that tell of a delivery: every one of it is of one of these. */
export const ABOUT_DELIVERIES: readonly MailTemplate[] = ['delivered', 'replaced'];

/**
 * What is known of a delivery whose recipients are to be told; what comes of it comes in any order. A FAIL has a notice
 * too, with its recipients: they are told of what it takes back.
 */
@Entity({ name: 'notice' })
export class NoticeRow {
  @PrimaryColumn('uuid')
  delivery_id!: string;

  /** From the accepted QA2 result. */
  @Column({ type: 'jsonb', nullable: true })
  recipients!: Qa2Result['recipients'] | null;

  /** From the catalogue, once the delivery is visible. */
  @Column({ type: 'jsonb', nullable: true })
  catalogued!:
    | (Omit<DataOf<typeof mailSettled>, 'mailId' | 'outcome' | 'outstanding' | 'failed'> & {
        /** The delivery it took the place of; undefined in rows of before. */
        replaces?: string | null;
      })
    | null;

  /** From the catalogue, once QA2 has taken it back. */
  @Column({ type: 'jsonb', nullable: true })
  withdrawn!: DataOf<typeof deliveryWithdrawn> | null;
}

/** One mail to one recipient, written once and sent as it was written. */
@Entity({ name: 'mail' })
@Unique('mail_once', ['delivery_id', 'template', 'email', 'occasion'])
export class MailRow {
  @PrimaryColumn('uuid')
  id!: string;

  /** Order of writing. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  @Index()
  position!: string;

  /** Null for raw data of a MemberOUS without a delivery. */
  @Column({ type: 'uuid', nullable: true })
  delivery_id!: string | null;

  /** The event, where there can be several that a mail is written about; else empty. */
  @Column({ type: 'text', default: '' })
  occasion!: string;

  @Column('text')
  ous!: Uid;

  @Column('int')
  revision!: number;

  @Column('text')
  template!: MailTemplate;

  @Column('text')
  role!: 'pi' | 'delegee' | 'submitter' | 'requester';

  @Column('text')
  name!: string;

  /** Never logged, never shown. */
  @Column('text')
  email!: string;

  @Column('text')
  subject!: string;

  @Column('text')
  text!: string;

  @Column('text')
  html!: string;

  @Column('text')
  /** `failed`: the mail server refused it, or could not be reached; `bounced`: taken, and sent back later. */
  state!: 'pending' | 'sent' | 'failed' | 'bounced';

  @Column({ type: 'int', default: 0 })
  failures!: number;

  @Column({ type: 'text', nullable: true })
  error!: string | null;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at!: Date;

  @Column({ type: 'timestamptz', nullable: true })
  settled_at!: Date | null;
}
