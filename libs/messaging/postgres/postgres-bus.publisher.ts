import { EVENTS } from '@almagest/contracts';
import type { Pool } from 'pg';
import type { BusPublisher } from '../bus';
import { type BusMessage, MessagingError } from '../message';
import { busChannel, PARTITIONS } from './bus-tables';

/**
 * Publishes to the Postgres bus: a message becomes one row for each subscribing service, in the partition of its key,
 * which preserves the order. Publishing the same message again adds nothing while its row exists.
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
      throw new MessagingError('messaging.bus-unavailable', 'the Postgres bus did not accept the messages', { cause });
    }
  }

  async close(): Promise<void> {
    // The creator of the pool closes it.
  }
}

/** Returns the services that subscribe to the type; for an unknown type, to the topic: it becomes their dead letter. */
function subscribersOf(topic: string, type: string): string[] {
  const onTopic = EVENTS.filter((event) => event.topic === topic);
  const ofType = onTopic.filter((event) => event.type === type);
  return [...new Set((ofType.length > 0 ? ofType : onTopic).flatMap((event) => event.subscribers))];
}
