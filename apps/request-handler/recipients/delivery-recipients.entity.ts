import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Whom the mail about a delivery goes to: whom its readers may have told of raw data. Never logged, never shown. */
@Entity({ name: 'delivery_recipients' })
export class DeliveryRecipientsRow {
  @PrimaryColumn('uuid')
  delivery_id!: string;

  /** Lower case. */
  @Column('text', { array: true })
  addresses!: string[];
}
