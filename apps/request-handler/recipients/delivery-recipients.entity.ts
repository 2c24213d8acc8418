import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The recipients of the mail about a delivery, who may be notified about its raw data. Never logged, never shown. */
@Entity({ name: 'delivery_recipients' })
export class DeliveryRecipientsRow {
  @PrimaryColumn('uuid')
  delivery_id!: string;

  /** Lower case. */
  @Column('text', { array: true })
  addresses!: string[];
}
