import type { ServiceName } from '@almagest/contracts';
import { failpoint, type Logger, metricsRegistry, openSpan, SpanKind } from '@almagest/platform';
import type { Client } from 'pg';
import { Counter, Gauge } from 'prom-client';
import type { BusPublisher } from '../bus';
import { InboxPurge } from '../inbox/inbox-purge';
import type { BusMessage } from '../message';
import { ListeningLoop } from '../postgres/listening-loop';
import { outboxChannel, schemaOf } from './outbox';

const BATCH = 200;

const published = new Counter({
  name: 'almagest_outbox_published_total',
  help: 'Events handed to the bus',
  labelNames: ['service'],
  registers: [metricsRegistry],
});
const failures = new Gauge({
  name: 'almagest_outbox_failures_in_a_row',
  help: 'Attempts to publish that failed since the last success',
  labelNames: ['service'],
  registers: [metricsRegistry],
});

/**
 * Moves a service's outbox to the bus, in order. One relay a service is active at a time: it holds a session advisory
 * lock, and another instance takes over when its connection ends. An event leaves the outbox only once the bus has it;
 * it is never given up, however long the bus is away. When there is nothing to publish it tidies the inbox.
 */
export class OutboxRelay {
  private readonly loop: ListeningLoop;
  private readonly inboxPurge: InboxPurge;
  /** The connection that holds the lock. */
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
      onFailures: (inARow) => failures.set({ service }, inARow),
    });
  }

  start(): void {
    this.loop.start();
  }

  /** Ends the batch in hand. */
  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async turn(client: Client): Promise<boolean> {
    if (client !== this.active) {
      // Not the waiting form of the lock: a waiting server process would outlive this one until it got the lock.
      const { rows } = await client.query<{ taken: boolean }>(
        `SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken`,
        [`almagest.relay.${this.options.service}`],
      );
      if (rows[0]?.taken !== true) return false;
      this.active = client;
    }
    if (await this.publishBatch(client)) return true;
    await this.inboxPurge.nowAndThen(client);
    return false;
  }

  /** Publishes the oldest events and forgets them; true when there may be more. */
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
    return true;
  }

  /** Publishes each message in a span of its own, which is the parent of its handling. */
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
