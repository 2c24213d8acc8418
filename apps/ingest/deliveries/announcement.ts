import { type DataOf, type deliveryRejected, ousOf, type Qa2Result } from '@almagest/contracts';
import type { IngestDeliveryRow } from './delivery.entity';

/** What every event about a delivery says of it. */
export function identityOf({ id, result }: IngestDeliveryRow): Omit<DataOf<typeof deliveryRejected>, 'report'> {
  const { project, group, level, revision } = result;
  return { deliveryId: id, project, group: group.uid, ous: ousOf(result), level, revision };
}

/** The key that keeps a group's events in order, and what they are about. */
export function about(result: Qa2Result): { key: string; subject: string } {
  return { key: result.group.uid, subject: ousOf(result) };
}
