import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A link of a mail that holds no more, though it has not expired. */
@Entity({ name: 'revoked_link' })
export class RevokedLinkRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  revoked_at!: Date;
}
