import { type DataOf, type KafkaPlace, messageGivenUp, type ServiceName } from '@almagest/contracts';
import { DomainError } from '@almagest/platform';
import type { ClientBase, Pool } from 'pg';
import { makeMessage } from './message';
import { outboxChannel, schemaOf } from './outbox';
import { busChannel, type DeadLetterRow, jsonbText, PARTITIONS } from './postgres/bus-tables';

/** A message that a service gives up. */
export interface GivenUpMessage {
  service: ServiceName;
  message: unknown;
  reason: string;
  attempts: number;
  place: KafkaPlace | null;
}

/**
 * Stores a message as a dead letter and announces it, in the transaction of `client`. Does nothing when a message from
 * the same place on Kafka is a dead letter already.
 */
export async function addDeadLetter(client: ClientBase, given: GivenUpMessage): Promise<void> {
  const { service, message, reason, attempts, place } = given;
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO bus.dead_letter (message, service, reason, attempts, place) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING RETURNING id`,
    [jsonbText(message), service, reason, attempts, place === null ? null : JSON.stringify(place)],
  );
  const deadLetter = rows[0]?.id;
  if (deadLetter === undefined) return;
  const { key, subject } = { key: '', subject: '', ...(message as object) };
  const about = { key: attributeText(key), subject: attributeText(subject), source: `/almagest/${service}` };
  const letter: DataOf<typeof messageGivenUp> = { deadLetter, ...given };
  const announcement = makeMessage(messageGivenUp, about, letter);
  await client.query(
    `INSERT INTO "${schemaOf(service)}".outbox (id, aggregatetype, aggregateid, type, payload) VALUES ($1, $2, $3, $4, $5)`,
    [announcement.id, announcement.topic, announcement.key, announcement.type, jsonbText(announcement)],
  );
  await client.query(`SELECT pg_notify($1, '')`, [outboxChannel(service)]);
}

/** Returns an attribute of something that may not be a message, in a form that an outbox accepts. */
function attributeText(attribute: unknown): string {
  return typeof attribute === 'string' ? attribute.slice(0, 200).replace(/[\0\p{Surrogate}]/gu, '\ufffd') : '';
}

export interface DeadLetterFilter {
  state?: DeadLetterRow['state'] | undefined;
  service?: ServiceName | undefined;
}

/** The dead letters of all services, from either bus. */
export class DeadLetters {
  constructor(private readonly pool: Pool) {}

  /** Lists the dead letters that are older than the one with the id `before`, newest first, at most `limit`. */
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
   * Delivers the message to its service again. Idempotent: a second replay does nothing. A discarded letter can be
   * replayed.
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
   * Marks a letter as discarded. Its row remains.
   * @throws DomainError `messaging.dead-letter-unknown`; `messaging.dead-letter-replayed`
   */
  async discard(id: string): Promise<DeadLetterRow> {
    await this.pool.query(
      `UPDATE bus.dead_letter SET state = 'discarded', settled_at = now() WHERE id = $1 AND state = 'waiting'`,
      [id],
    );
    const row = await this.find(id);
    if (row.state === 'discarded') return row;
    throw new DomainError('conflict', 'messaging.dead-letter-replayed', `Dead letter ${id} has already been replayed`);
  }
}
