import { type DataOf, type KafkaPlace, messageGivenUp, type ServiceName } from '@almagest/contracts';
import type { ClientBase } from 'pg';
import { jsonbText } from '../jsonb';
import { makeMessage } from '../message';
import { outboxChannel, schemaOf } from '../outbox/outbox';

/** A message that a service gives up. */
export interface GivenUp {
  service: ServiceName;
  message: unknown;
  reason: string;
  attempts: number;
  place: KafkaPlace | null;
}

/**
 * Puts a message among the dead letters and announces it, in the transaction of `client`. A message that was read at
 * the same place before is there already.
 */
export async function giveUp(client: ClientBase, given: GivenUp): Promise<void> {
  const { service, message, reason, attempts, place } = given;
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO bus.dead_letter (message, service, reason, attempts, place) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING RETURNING id`,
    [jsonbText(message), service, reason, attempts, place === null ? null : JSON.stringify(place)],
  );
  const deadLetter = rows[0]?.id;
  if (deadLetter === undefined) return;
  const { key, subject } = { key: '', subject: '', ...(message as object) };
  const about = { key: textOf(key), subject: textOf(subject), source: `/almagest/${service}` };
  const letter: DataOf<typeof messageGivenUp> = { deadLetter, ...given };
  const announcement = makeMessage(messageGivenUp, about, letter);
  await client.query(
    `INSERT INTO "${schemaOf(service)}".outbox (id, aggregatetype, aggregateid, type, payload) VALUES ($1, $2, $3, $4, $5)`,
    [announcement.id, announcement.topic, announcement.key, announcement.type, jsonbText(announcement)],
  );
  await client.query(`SELECT pg_notify($1, '')`, [outboxChannel(service)]);
}

/** An attribute of what may be no message at all, as an outbox holds it. */
function textOf(attribute: unknown): string {
  return typeof attribute === 'string' ? attribute.slice(0, 200).replace(/[\0\p{Surrogate}]/gu, '\ufffd') : '';
}
