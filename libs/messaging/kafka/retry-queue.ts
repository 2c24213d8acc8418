import type { KafkaPlace, ServiceName } from '@almagest/contracts';
import type { Pool } from 'pg';
import { addDeadLetter } from '../dead-letters';
import type { Outcome } from '../dispatch';
import { jsonbText, PARTITIONS } from '../postgres/bus-tables';
import { nameOfPlace } from './kafka-record';

/** A message that was read from Kafka and run. */
export interface RunMessage {
  message: unknown;
  key: string;
  place: KafkaPlace;
  attempts: number;
}

/**
 * Stores a message whose first run failed: in the queue of the Postgres bus, which retries it while its partition
 * continues, or among the dead letters. Its offset may be committed afterwards. Idempotent: a message that is stored
 * again is stored once.
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
        this.service,
        key,
        PARTITIONS - 1,
        nameOfPlace(place),
        jsonbText(message),
        attempts,
        afterMs / 1000,
        JSON.stringify(place),
      ],
    );
  }

  private async giveUp({ message, place, attempts }: RunMessage, reason: string): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      await addDeadLetter(client, { service: this.service, message, reason, attempts, place });
      await client.query('COMMIT');
      client.release();
    } catch (error) {
      // Closing the connection ends the transaction.
      client.release(true);
      throw error;
    }
  }
}
