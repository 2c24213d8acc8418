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

export interface PostgresBusReadersOptions {
  service: ServiceName;
  databaseUrl: string;
  logger: Logger;
  /** Longest wait before the reader reconnects, in ms; that of `RECONNECT` when absent. */
  maximumRetryInterval?: number;
  /** Runs a message; must not reject. */
  run: (message: unknown, attempt: number) => Promise<Outcome>;
}

/**
 * The readers of a service in one process: so many messages are handled at the same time. One of them listens, and a
 * reader that finds more than it can take wakes another, so that a single message wakes one reader.
 */
export class PostgresBusReaders {
  private readonly readers: PostgresBusReader[];

  constructor(count: number, options: PostgresBusReadersOptions) {
    this.readers = Array.from(
      { length: count },
      (_, index) => new PostgresBusReader(options, index === 0 ? () => this.notified() : undefined, () => this.found()),
    );
  }

  start(): void {
    for (const { loop } of this.readers) loop.start();
  }

  /** Looks for a message after so many ms, when one will be due. */
  lookIn(ms: number): void {
    this.readers[0]?.loop.lookIn(ms);
  }

  /** Finishes the current messages. */
  async stop(): Promise<void> {
    await Promise.all(this.readers.map(({ loop }) => loop.stop()));
  }

  /** The reader that listens looks for itself when it is free. */
  private notified(): void {
    const [listening, ...others] = this.readers;
    if (listening?.loop.isWaiting === true) return;
    const free = others.find(({ loop }) => loop.isWaiting);
    // One that is about to wait may have looked too early.
    for (const { loop } of free === undefined ? others : [free]) loop.wake();
  }

  private found(): void {
    this.readers.find(({ loop }) => loop.isWaiting)?.loop.wake();
  }
}

/**
 * Handles messages of a service one after another. While it works on a partition, its connection has the partition's
 * advisory lock. PostgreSQL releases the lock as soon as the process dies, and another reader finds the message. The
 * frequent statements are named, so that the server plans them once for a connection.
 */
class PostgresBusReader {
  readonly loop: ListeningLoop;

  /**
   * @param notified makes the reader listen: called for each notification
   * @param foundMore called when another reader could work too
   */
  constructor(
    private readonly options: PostgresBusReadersOptions,
    notified: (() => void) | undefined,
    private readonly foundMore: () => void,
  ) {
    const { service, databaseUrl, logger, maximumRetryInterval } = options;
    this.loop = new ListeningLoop({
      databaseUrl,
      logger,
      maximumRetryInterval,
      name: `almagest-reader-${service}`,
      channel: notified === undefined ? undefined : busChannel(service),
      onNotification: notified,
      turn: (client) => this.turn(client),
    });
  }

  private async turn(client: Client): Promise<boolean> {
    const partition = await this.lockPartition(client);
    if (partition === null) return false;
    let handled: string | null = null;
    for (let read = 0; read < MESSAGES_PER_TURN && !this.loop.stopped; read++) {
      const next: QueuedMessage | null = await this.claimNext(client, partition, handled);
      handled = null;
      if (next === null) break;
      const outcome = await this.options.run(next.message, next.attempts);
      if (outcome.kind === 'handled') handled = next.position;
      else await this.settle(client, next, outcome);
    }
    if (handled !== null) await client.query(DELETE_HANDLED, [handled]);
    await client.query({
      name: 'bus.let-go',
      text: `SELECT pg_advisory_unlock(hashtext($1), $2)`,
      values: [this.lockName, partition],
    });
    return true;
  }

  /** Locks the unlocked partition whose first message has waited longest; null when no message waits. */
  private async lockPartition(client: Client): Promise<number | null> {
    const { rows } = await client.query<{ partition: number; waiting: number }>({
      name: 'bus.take',
      text: `WITH waiting AS MATERIALIZED (
         SELECT partition, first.position
           FROM generate_series(0, $3 - 1) AS partition
          CROSS JOIN LATERAL (
            SELECT position FROM bus.queued_message AS message
             WHERE service = $1 AND message.partition = partition.partition AND run_at <= now()
             ORDER BY position LIMIT 1) AS first
          ORDER BY first.position)
       SELECT partition, (SELECT count(*)::int FROM waiting) AS waiting
         FROM waiting WHERE pg_try_advisory_lock(hashtext($2), partition) LIMIT 1`,
      values: [this.options.service, this.lockName, PARTITIONS],
    });
    const [found] = rows;
    if (found === undefined) return null;
    if (found.waiting > 1) this.foundMore();
    return found.partition;
  }

  /**
   * Returns the first due message of a partition, and counts the run before it begins.
   * @param handled the position of the message before, which is deleted
   */
  private async claimNext(client: Client, partition: number, handled: string | null): Promise<QueuedMessage | null> {
    const { rows } = await client.query<QueuedMessage>({
      name: 'bus.claim',
      text: `WITH handled AS (DELETE FROM bus.queued_message WHERE position = $3)
       UPDATE bus.queued_message SET attempts = attempts + 1
        WHERE position = (
          SELECT position FROM bus.queued_message
           WHERE service = $1 AND partition = $2 AND run_at <= now() AND position IS DISTINCT FROM $3
           ORDER BY position LIMIT 1)
       RETURNING position, message, attempts, place`,
      values: [this.options.service, partition, handled],
    });
    return rows[0] ?? null;
  }

  /** Lets a message run again, or gives it up. */
  private async settle(
    client: Client,
    { position, message, attempts, place }: QueuedMessage,
    outcome: Exclude<Outcome, { kind: 'handled' }>,
  ): Promise<void> {
    if (outcome.kind === 'retry') {
      await client.query(
        `UPDATE bus.queued_message SET run_at = now() + make_interval(secs => $2) WHERE position = $1`,
        [position, outcome.afterMs / 1000],
      );
      this.loop.lookIn(outcome.afterMs);
      return;
    }
    const { service } = this.options;
    // A failure ends the connection, and so the transaction.
    await client.query('BEGIN');
    await client.query(DELETE_HANDLED, [position]);
    await addDeadLetter(client, { service, message, reason: outcome.reason, attempts, place });
    await client.query('COMMIT');
  }

  private get lockName(): string {
    return busChannel(this.options.service);
  }
}
