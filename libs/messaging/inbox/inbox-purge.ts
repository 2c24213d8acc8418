import type { ServiceName } from '@almagest/contracts';
import type { Client } from 'pg';
import { schemaOf } from '../outbox/outbox';

/** No bus brings a message again after this long. */
export const KEPT_DAYS = 30;
const EVERY_MS = 3_600_000;
/** Rows forgotten by one statement, so that none of them takes long. */
const BATCH = 10_000;

/** Forgets events that were handled long ago; without it an inbox would grow for ever. */
export class InboxPurge {
  private nextAt = 0;

  constructor(private readonly service: ServiceName) {}

  /** Does a bounded piece of the work when it is time for it. */
  async nowAndThen(client: Client): Promise<void> {
    if (performance.now() < this.nextAt) return;
    const inbox = `"${schemaOf(this.service)}".inbox`;
    const { rowCount } = await client.query(
      `DELETE FROM ${inbox} WHERE id IN (
         SELECT id FROM ${inbox} WHERE handled_at < now() - make_interval(days => $1) LIMIT $2)`,
      [KEPT_DAYS, BATCH],
    );
    if ((rowCount ?? 0) < BATCH) this.nextAt = performance.now() + EVERY_MS;
  }
}
