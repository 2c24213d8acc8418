import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/** Gives every event its effect once: the event's id is recorded in the transaction of the effect. */
@Injectable()
export class Inbox {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Runs `effect` in a transaction unless this event has been handled; true when it ran. */
  async once(eventId: string, effect: (manager: EntityManager) => Promise<void>): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const rows: unknown[] = await manager.query(
        `INSERT INTO ${schemaOf(this.dataSource)}.inbox (id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id`,
        [eventId],
      );
      if (rows.length === 0) return false;
      await effect(manager);
      return true;
    });
  }
}

function schemaOf(dataSource: DataSource): string {
  return `"${(dataSource.options as { schema: string }).schema}"`;
}
