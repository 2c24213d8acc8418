import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A delivery that was refused. Nothing will be written to its folder any more: what lies there is left over. Without
 * this row it could still be on its way.
 */
@Entity({ name: 'rejected_delivery' })
export class RejectedDeliveryRow {
  @PrimaryColumn({ type: 'text', collation: 'C' })
  folder!: string;

  @Column('uuid')
  delivery_id!: string;
}
