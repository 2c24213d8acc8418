import type { DataOf, deliveryCatalogued, deliveryWithdrawn, mailSettled, Qa2Result } from '@almagest/contracts';
import type { Uid } from '@almagest/ous';
import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** The template that a mail is rendered from. */
export type MailTemplate = 'delivered' | 'replaced' | 'withdrawn' | 'rejected' | 'raw-data';

/** Templates of the mail about a new delivery: each delivery gets one of these two. */
export const ABOUT_DELIVERIES: readonly MailTemplate[] = ['delivered', 'replaced'];

/**
 * What the notifier knows about a delivery, from events that arrive in any order. A FAIL has a notice too, for its
 * recipients: they get the mail about the delivery that it withdraws.
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
        /** The delivery that it replaces; undefined in rows written by earlier versions. */
        replaces?: string | null;
        /** The further MemberOUSs that it serves; undefined in rows written by earlier versions. */
        alsoServes?: DataOf<typeof deliveryCatalogued>['alsoServes'];
      })
    | null;

  /** From the catalogue, once QA2 has withdrawn it. */
  @Column({ type: 'jsonb', nullable: true })
  withdrawn!: DataOf<typeof deliveryWithdrawn> | null;
}

/** One mail to one recipient, rendered once and sent as rendered. */
@Entity({ name: 'mail' })
@Unique('mail_once', ['delivery_id', 'template', 'email', 'occasion'])
export class MailRow {
  @PrimaryColumn('uuid')
  id!: string;

  /** Increases with each new mail. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  @Index()
  position!: string;

  /** Null for raw data of a MemberOUS that has no delivery. */
  @Column({ type: 'uuid', nullable: true })
  delivery_id!: string | null;

  /** The id of the event if several events can cause the same mail; otherwise empty. */
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

  /** Never logged or shown. */
  @Column('text')
  email!: string;

  @Column('text')
  subject!: string;

  @Column('text')
  text!: string;

  @Column('text')
  html!: string;

  @Column('text')
  /** `failed`: the mail server refused it or was unreachable; `bounced`: accepted, but returned later. */
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
