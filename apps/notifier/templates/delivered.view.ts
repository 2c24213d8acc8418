import type { Delivery, GroupOus, Ous } from '@almagest/contracts';

/** What the mail about a delivery is written from. */
export interface DeliveredView {
  delivery: Delivery;
  unit: Ous;
  group: GroupOus;
  /** Where links begin, without a slash at the end. */
  publicUrl: string;
}
