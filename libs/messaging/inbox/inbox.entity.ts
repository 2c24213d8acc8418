import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An event whose effect has taken place in this service. */
@Entity({ name: 'inbox' })
export class InboxRow {
  @PrimaryColumn('text')
  id!: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  handled_at!: Date;
}
