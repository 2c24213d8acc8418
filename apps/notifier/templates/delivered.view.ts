import type { FileDifferences } from '@almagest/catalogue-db';
import type { Delivery, DeliveryReport, GroupOus, Ous } from '@almagest/contracts';

/** What the mail about a delivery is written from. */
export interface DeliveredMail {
  recipient: string;
  delivery: Delivery;
  report: DeliveryReport;
  unit: Ous;
  group: GroupOus;
  /** The revision it took the place of, and what is not as it was there. */
  replaces: { delivery: Delivery; differences: FileDifferences } | null;
  /** Path of scriptForPI in the delivery; null where it has none. */
  scriptForPI: string | null;
  /** Where links begin, without a slash at the end. */
  publicUrl: string;
  /** What opens the delivery's data, and until when. */
  link: { token: string; expires: Date };
  now: Date;
}
