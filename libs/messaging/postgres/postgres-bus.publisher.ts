import { EVENTS } from '@almagest/contracts';
import type { Pool } from 'pg';
import type { BusPublisher } from '../bus';
import type { BusMessage } from '../message';
import { MessagingError } from '../messaging.error';

/** Partitions of a service's messages, as a topic has them: as many can be handled at the same time. */
export const PARTITIONS = 16;

/** The channel that wakes the readers of a service. */
export function busChannel(service: string): string {
  return `almagest.bus.${service}`;
}

/**
 * The bus of the embedded engines: a message becomes one row for each subscribing service, in a partition by its key,
 * which keeps the order. Publishing the same message again adds nothing while its row exists.
 */
export class PostgresBusPublisher implements BusPublisher {
  constructor(private readonly pool: Pool) {}

  async publish(messages: readonly BusMessage[]): Promise<void> {
    const copies = messages.flatMap((message) =>
      subscribersOf(message.topic, message.type).map((service) => ({ service, message })),
    );
    try {
      await this.pool.query(
        `WITH added AS (
           INSERT INTO bus.queued_message (service, partition, id, message)
           SELECT copy ->> 'service', hashtext(copy #>> '{message,key}') & $2, copy #>> '{message,id}', copy -> 'message'
             FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS copies (copy, place)
            ORDER BY place
           ON CONFLICT (service, id) DO NOTHING
           RETURNING service)
         SELECT pg_notify($3 || service, '') FROM (SELECT DISTINCT service FROM added) AS woken`,
        [JSON.stringify(copies), PARTITIONS - 1, busChannel('')],
      );
    } catch (cause) {
      throw new MessagingError('messaging.bus-unavailable', 'the Postgres bus did not take the messages', { cause });
    }
  }

  async close(): Promise<void> {
    // The pool belongs to whoever made it.
  }
}

/** Services that read a topic; a message of a type nobody knows still reaches them, and their dead letters. */
function subscribersOf(topic: string, type: string): string[] {
  const onTopic = EVENTS.filter((event) => event.topic === topic);
  const ofType = onTopic.filter((event) => event.type === type);
  return [...new Set((ofType.length > 0 ? ofType : onTopic).flatMap((event) => event.subscribers))];
}
