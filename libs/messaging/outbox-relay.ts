import type { ServiceName } from '@almagest/contracts';
import { failpoint, type Logger, metricsRegistry, openSpan, SpanKind } from '@almagest/platform';
import type { Client } from 'pg';
import { Counter, Gauge } from 'prom-client';
import type { BusPublisher } from './bus';
import { InboxPurge } from './inbox';
import type { BusMessage } from './message';
import { outboxChannel, schemaOf } from './outbox';
import { ListeningLoop } from './postgres/listening-loop';

const BATCH = 200;

const published = new Counter({
  name: 'almagest_outbox_published_total',
  help: 'Events published to the bus',
  labelNames: ['service'],
  registers: [metricsRegistry],
});
const failures = new Gauge({
  name: 'almagest_outbox_failures_in_a_row',
  help: 'Failed attempts to publish since the last success',
  labelNames: ['service'],
  registers: [metricsRegistry],
});

/**
 * Publishes a service's outbox to the bus, in order. One relay of a service is active at a time: it has a session
 * advisory lock, and another instance takes over when its connection ends. An event is deleted from the outbox only when
 * the bus has accepted it; it is never given up, however long the bus is unavailable. When there is nothing to publish,
 * the relay purges the inbox.
 */
export class OutboxRelay {
  private readonly loop: ListeningLoop;
  private readonly inboxPurge: InboxPurge;
  /** The connection that has the lock. */
  private active: Client | undefined;

  constructor(
    private readonly options: {
      service: ServiceName;
      databaseUrl: string;
      bus: BusPublisher;
      logger: Logger;
      /** Longest wait before a failed publication is tried again, in ms; that of `RECONNECT` when absent. */
      maximumRetryInterval?: number;
    },
  ) {
    const { service, databaseUrl, logger, maximumRetryInterval } = options;
    this.inboxPurge = new InboxPurge(service);
    this.loop = new ListeningLoop({
      databaseUrl,
      logger,
      maximumRetryInterval,
      name: `almagest-relay-${service}`,
      channel: outboxChannel(service),
      turn: (client) => this.turn(client),
      onFailures: (consecutive) => failures.set({ service }, consecutive),
    });
  }

  start(): void {
    this.loop.start();
  }

  /** Finishes the current batch. */
  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async turn(client: Client): Promise<boolean> {
    if (client !== this.active) {
      // Does not wait for the lock: a waiting server process would outlive this process until it got the lock.
      const { rows } = await client.query<{ taken: boolean }>(
        `SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken`,
        [`almagest.relay.${this.options.service}`],
      );
      if (rows[0]?.taken !== true) return false;
      this.active = client;
    }
    if (await this.publishBatch(client)) return true;
    await this.inboxPurge.runWhenDue(client);
    return false;
  }

  /** Publishes the oldest events and deletes them; true when there may be more. */
  private async publishBatch(client: Client): Promise<boolean> {
    const schema = `"${schemaOf(this.options.service)}"`;
    const { rows } = await client.query<{ id: string; payload: BusMessage }>(
      `SELECT id, payload FROM ${schema}.outbox ORDER BY position LIMIT $1`,
      [BATCH],
    );
    if (rows.length === 0) return false;
    await this.publish(rows.map((row) => row.payload));
    failpoint('relay.published-before-forgotten');
    await client.query(`DELETE FROM ${schema}.outbox WHERE id = ANY($1)`, [rows.map((row) => row.id)]);
    published.inc({ service: this.options.service }, rows.length);
    // A later event has a notification of its own.
    return rows.length === BATCH;
  }

  /** Publishes each message in a span of its own, the parent of the span that handles it. */
  private async publish(messages: readonly BusMessage[]): Promise<void> {
    const spans = messages.map(({ type, id, traceparent }) =>
      openSpan(
        { name: `publish ${type}`, kind: SpanKind.PRODUCER, attributes: { 'messaging.message.id': id } },
        traceparent,
      ),
    );
    try {
      const traced = messages.map((message, at) => ({
        ...message,
        traceparent: spans[at]?.traceparent ?? message.traceparent,
      }));
      await this.options.bus.publish(traced);
      for (const span of spans) span?.end();
    } catch (error) {
      for (const span of spans) span?.end({ error });
      throw error;
    }
  }
}
