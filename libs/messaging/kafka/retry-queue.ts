import type { KafkaPlace, ServiceName } from '@almagest/contracts';
import type { Pool } from 'pg';
import { giveUp } from '../dead-letters/give-up';
import { jsonbText } from '../jsonb';
import type { Outcome } from '../nest/dispatch';
import { PARTITIONS } from '../postgres/postgres-bus.publisher';
import { nameOfPlace } from './kafka-record';

/** A message that was read from Kafka and run. */
export interface RunMessage {
  message: unknown;
  key: string;
  place: KafkaPlace;
  attempts: number;
}

/**
 * Where a message goes that was not handled at its first run: into the queue of the Postgres bus, to be tried again from
 * there while the partition goes on, or to the dead letters. Once it is there, its offset may be committed; put there
 * again, it is there once.
 */
export class RetryQueue {
  constructor(
    private readonly service: ServiceName,
    private readonly pool: Pool,
  ) {}

  async settle(run: RunMessage, outcome: Exclude<Outcome, { kind: 'handled' }>): Promise<void> {
    if (outcome.kind === 'retry') await this.add(run, outcome.afterMs);
    else await this.giveUp(run, outcome.reason);
  }

  private async add({ message, key, place, attempts }: RunMessage, afterMs: number): Promise<void> {
    await this.pool.query(
      `INSERT INTO bus.queued_message (service, partition, id, message, attempts, run_at, place)
       VALUES ($1, hashtext($2) & $3, $4, $5, $6, now() + make_interval(secs => $7), $8)
       ON CONFLICT (service, id) DO NOTHING`,
      [
        ...[this.service, key, PARTITIONS - 1, nameOfPlace(place), jsonbText(message), attempts, afterMs / 1000],
        JSON.stringify(place),
      ],
    );
  }

  private async giveUp({ message, place, attempts }: RunMessage, reason: string): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      await giveUp(client, { service: this.service, message, reason, attempts, place });
      await client.query('COMMIT');
      client.release();
    } catch (error) {
      // With the connection the transaction ends.
      client.release(true);
      throw error;
    }
  }
}
