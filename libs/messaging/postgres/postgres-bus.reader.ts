import type { KafkaPlace, ServiceName } from '@almagest/contracts';
import type { Logger } from '@almagest/platform';
import type { Client } from 'pg';
import { addDeadLetter } from '../dead-letters';
import type { Outcome } from '../dispatch';
import { busChannel, PARTITIONS } from './bus-tables';
import { ListeningLoop } from './listening-loop';

/** Messages of a partition that are handled before the reader chooses the partition that has waited longest. */
const MESSAGES_PER_TURN = 20;

const DELETE_HANDLED = `DELETE FROM bus.queued_message WHERE position = $1`;

interface QueuedMessage {
  position: string;
  message: unknown;
  attempts: number;
  place: KafkaPlace | null;
}

export interface PostgresBusReaderOptions {
  service: ServiceName;
  databaseUrl: string;
  logger: Logger;
  /** Longest wait before the reader reconnects, in ms; that of `RECONNECT` when absent. */
  maximumRetryInterval?: number;
  /** Runs a message; must not reject. */
  run: (message: unknown, attempt: number) => Promise<Outcome>;
}

/**
 * Handles messages of a service one after another. While it works on a partition, its connection has the partition's
 * advisory lock. PostgreSQL releases the lock as soon as the process dies, and another reader finds the message. The
 * frequent statements are named, so that the server plans them once for a connection.
 */
export class PostgresBusReader {
  private readonly loop: ListeningLoop;

  constructor(private readonly options: PostgresBusReaderOptions) {
    const { service, databaseUrl, logger, maximumRetryInterval } = options;
    this.loop = new ListeningLoop({
      databaseUrl,
      logger,
      maximumRetryInterval,
      name: `almagest-reader-${service}`,
      channel: busChannel(service),
      turn: (client) => this.turn(client),
    });
  }

  start(): void {
    this.loop.start();
  }

  /** Looks for a message after so many ms, when one will be due. */
  lookIn(ms: number): void {
    this.loop.lookIn(ms);
  }

  /** Finishes the current message. */
  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async turn(client: Client): Promise<boolean> {
    const partition = await this.lockPartition(client);
    if (partition === null) return false;
    for (let read = 0; read < MESSAGES_PER_TURN && !this.loop.stopped; read++) {
      const next = await this.claimNext(client, partition);
      if (next === null) break;
      const outcome = await this.options.run(next.message, next.attempts);
      await settle(client, this.options.service, next, outcome);
      if (outcome.kind === 'retry') this.loop.lookIn(outcome.afterMs);
    }
    await client.query({
      name: 'bus.let-go',
      text: `SELECT pg_advisory_unlock(hashtext($1), $2)`,
      values: [this.lockName, partition],
    });
    return true;
  }

  /** Locks the unlocked partition whose first message has waited longest; null when no message waits. */
  private async lockPartition(client: Client): Promise<number | null> {
    const { rows } = await client.query<{ partition: number }>({
      name: 'bus.take',
      text: `WITH waiting AS MATERIALIZED (
         SELECT partition, first.position
           FROM generate_series(0, $3 - 1) AS partition
          CROSS JOIN LATERAL (
            SELECT position FROM bus.queued_message AS message
             WHERE service = $1 AND message.partition = partition.partition AND run_at <= now()
             ORDER BY position LIMIT 1) AS first
          ORDER BY first.position)
       SELECT partition FROM waiting WHERE pg_try_advisory_lock(hashtext($2), partition) LIMIT 1`,
      values: [this.options.service, this.lockName, PARTITIONS],
    });
    return rows[0]?.partition ?? null;
  }

  /** Returns the first due message of a partition, and counts the run before it begins. */
  private async claimNext(client: Client, partition: number): Promise<QueuedMessage | null> {
    const { rows } = await client.query<QueuedMessage>({
      name: 'bus.claim',
      text: `UPDATE bus.queued_message SET attempts = attempts + 1
        WHERE position = (
          SELECT position FROM bus.queued_message
           WHERE service = $1 AND partition = $2 AND run_at <= now()
           ORDER BY position LIMIT 1)
       RETURNING position, message, attempts, place`,
      values: [this.options.service, partition],
    });
    return rows[0] ?? null;
  }

  private get lockName(): string {
    return busChannel(this.options.service);
  }
}

async function settle(client: Client, service: ServiceName, queued: QueuedMessage, outcome: Outcome): Promise<void> {
  const { position, message, attempts, place } = queued;
  switch (outcome.kind) {
    case 'handled':
      await client.query({ name: 'bus.handled', text: DELETE_HANDLED, values: [position] });
      return;
    case 'retry':
      await client.query(
        `UPDATE bus.queued_message SET run_at = now() + make_interval(secs => $2) WHERE position = $1`,
        [position, outcome.afterMs / 1000],
      );
      return;
    case 'dead':
      // A failure ends the connection, and so the transaction.
      await client.query('BEGIN');
      await client.query(DELETE_HANDLED, [position]);
      await addDeadLetter(client, { service, message, reason: outcome.reason, attempts, place });
      await client.query('COMMIT');
  }
}
