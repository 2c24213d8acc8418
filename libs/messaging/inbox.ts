import type { ServiceName } from '@almagest/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { Client } from 'pg';
import { Column, DataSource, Entity, type EntityManager, PrimaryColumn } from 'typeorm';
import { schemaOf } from './outbox';

/** Days that an inbox remembers an event. No bus delivers a message again after this long. */
export const KEPT_DAYS = 30;
const PURGE_EVERY_MS = 3_600_000;
/** Rows that one statement deletes, so that none of them takes long. */
const PURGE_BATCH = 10_000;

/** An event that this service has handled. */
@Entity({ name: 'inbox' })
export class InboxRow {
  @PrimaryColumn('text')
  id!: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  handled_at!: Date;
}

/** Handles every event once: the transaction of its effect also records its id. */
@Injectable()
export class Inbox {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Runs `effect` in a transaction unless the event was handled before. Returns whether it ran. */
  async once(eventId: string, effect: (manager: EntityManager) => Promise<void>): Promise<boolean> {
    const { schema } = this.dataSource.options as { schema: string };
    return this.dataSource.transaction(async (manager) => {
      const rows: unknown[] = await manager.query(
        `INSERT INTO "${schema}".inbox (id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id`,
        [eventId],
      );
      if (rows.length === 0) return false;
      await effect(manager);
      return true;
    });
  }
}

/** Deletes old rows of a service's inbox, which would grow without limit otherwise. */
export class InboxPurge {
  private nextAt = 0;

  constructor(private readonly service: ServiceName) {}

  /** Deletes up to a batch of old rows, if it is time for it. */
  async runWhenDue(client: Client): Promise<void> {
    if (performance.now() < this.nextAt) return;
    const inbox = `"${schemaOf(this.service)}".inbox`;
    const { rowCount } = await client.query(
      `DELETE FROM ${inbox} WHERE id IN (
         SELECT id FROM ${inbox} WHERE handled_at < now() - make_interval(days => $1) LIMIT $2)`,
      [KEPT_DAYS, PURGE_BATCH],
    );
    if ((rowCount ?? 0) < PURGE_BATCH) this.nextAt = performance.now() + PURGE_EVERY_MS;
  }
}
