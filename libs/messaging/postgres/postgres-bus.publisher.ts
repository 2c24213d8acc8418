import { EVENTS } from '@almagest/contracts';
import type { Pool } from 'pg';
import type { BusPublisher } from '../bus';
import type { BusMessage } from '../message';
import { MessagingError } from '../messaging.error';

/** The graphile-worker task by which a service receives its messages on the Postgres bus. */
export function busTask(service: string): string {
  return `bus/${service}`;
}

/**
 * The bus of the embedded engines: a message becomes one job for each subscribing service. Jobs of one service and one
 * key form a queue, which keeps their order. Publishing the same message again adds nothing while its job exists.
 */
export class PostgresBusPublisher implements BusPublisher {
  constructor(private readonly pool: Pool) {}

  async publish(messages: readonly BusMessage[]): Promise<void> {
    const jobs = messages.flatMap((message) =>
      subscribersOf(message.topic, message.type).map((service) => ({
        task: busTask(service),
        queue: `${service}/${message.key}`,
        key: `${message.id}/${service}`,
        message,
      })),
    );
    try {
      await this.pool.query(
        `SELECT count(graphile_worker.add_job(job ->> 'task', payload := (job -> 'message')::json,
             queue_name := job ->> 'queue', max_attempts := 32767, job_key := job ->> 'key',
             job_key_mode := 'unsafe_dedupe'))
           FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS jobs (job, position)`,
        [JSON.stringify(jobs)],
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
