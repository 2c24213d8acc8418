import type { ServiceName } from '@almagest/contracts';
import { DomainError } from '@almagest/platform';
import type { Pool } from 'pg';
import { busChannel, PARTITIONS } from '../postgres/postgres-bus.publisher';
import type { DeadLetterRow } from './dead-letter.entity';

export interface DeadLetterFilter {
  state?: DeadLetterRow['state'] | undefined;
  service?: ServiceName | undefined;
}

/** The messages that services gave up, of all services and whatever bus they came by. */
export class DeadLetters {
  constructor(private readonly pool: Pool) {}

  /** The last first, at most `limit`, those before the letter `before`. */
  async list(filter: DeadLetterFilter, before: string | null, limit: number): Promise<DeadLetterRow[]> {
    const { rows } = await this.pool.query<DeadLetterRow>(
      `SELECT * FROM bus.dead_letter
        WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR service = $2) AND ($3::bigint IS NULL OR id < $3)
        ORDER BY id DESC LIMIT $4`,
      [filter.state ?? null, filter.service ?? null, before, limit],
    );
    return rows;
  }

  /** @throws DomainError `messaging.dead-letter-unknown` */
  async find(id: string): Promise<DeadLetterRow> {
    const { rows } = await this.pool.query<DeadLetterRow>(`SELECT * FROM bus.dead_letter WHERE id = $1`, [id]);
    if (rows[0] !== undefined) return rows[0];
    throw new DomainError('not-found', 'messaging.dead-letter-unknown', `There is no dead letter ${id}`);
  }

  /**
   * Puts the message back into its service's stream, once: replayed again, nothing more happens. A letter that was
   * discarded can be replayed.
   * @throws DomainError `messaging.dead-letter-unknown`
   */
  async replay(id: string): Promise<DeadLetterRow> {
    await this.pool.query(
      `WITH letter AS (
         UPDATE bus.dead_letter SET state = 'replayed', settled_at = now() WHERE id = $1 AND state <> 'replayed'
         RETURNING id, service, message),
       queued AS (
         INSERT INTO bus.queued_message (service, partition, id, message)
         SELECT service, hashtext(coalesce(message ->> 'key', '')) & $2, 'dead-letter/' || id, message FROM letter
         RETURNING service)
       SELECT pg_notify($3 || service, '') FROM queued`,
      [id, PARTITIONS - 1, busChannel('')],
    );
    return this.find(id);
  }

  /**
   * Takes a letter out of those that wait; it is kept.
   * @throws DomainError `messaging.dead-letter-unknown`; `messaging.dead-letter-replayed`
   */
  async discard(id: string): Promise<DeadLetterRow> {
    await this.pool.query(
      `UPDATE bus.dead_letter SET state = 'discarded', settled_at = now() WHERE id = $1 AND state = 'waiting'`,
      [id],
    );
    const row = await this.find(id);
    if (row.state === 'discarded') return row;
    throw new DomainError('conflict', 'messaging.dead-letter-replayed', `The dead letter ${id} was replayed already`);
  }
}
