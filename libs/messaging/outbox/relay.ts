import type { ServiceName } from '@almagest/contracts';
import { failpoint, type Logger, metricsRegistry } from '@almagest/platform';
import { Client } from 'pg';
import { Counter, Gauge } from 'prom-client';
import type { BusPublisher } from '../bus';
import type { BusMessage } from '../message';
import { outboxChannel } from './outbox';

const BATCH = 200;
/** A commit that was not announced (a lost connection) is found after this long, in ms. */
const LOOK_AT_LEAST_EVERY = 5_000;
const LONGEST_BACK_OFF = 30_000;

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
 * it is never given up, however long the bus is away.
 */
export class OutboxRelay {
  private stopped = false;
  /** Set by a notification, so that one that comes while a batch is read is not lost. */
  private nudged = false;
  private wake: () => void = () => undefined;
  private loop: Promise<void> = Promise.resolve();
  private client: Client | undefined;

  constructor(
    private readonly options: { service: ServiceName; databaseUrl: string; bus: BusPublisher; logger: Logger },
  ) {}

  start(): void {
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.nudge();
    await this.client?.end().catch(() => undefined);
    await this.loop;
  }

  private async run(): Promise<void> {
    for (let failed = 0; !this.stopped;) {
      try {
        await this.relayUntilBroken(() => (failed = 0));
      } catch (error) {
        if (this.stopped) return;
        failed += 1;
        failures.set({ service: this.options.service }, failed);
        this.options.logger.warn({ error, failed }, 'outbox not published; will try again');
        await this.rest(Math.min(LONGEST_BACK_OFF, 100 * 2 ** Math.min(failed, 10)));
      }
    }
  }

  private async relayUntilBroken(succeeded: () => void): Promise<void> {
    const { service, databaseUrl } = this.options;
    const client = new Client({ connectionString: databaseUrl, application_name: `almagest-relay-${service}` });
    this.client = client;
    const broken = new Promise<never>((_, reject) => client.on('error', reject));
    broken.catch(() => undefined);
    try {
      await client.connect();
      client.on('notification', () => this.nudge());
      await client.query(`LISTEN "${outboxChannel(service)}"`);
      await Promise.race([
        broken,
        client.query(`SELECT pg_advisory_lock(hashtextextended($1, 0))`, [`almagest.relay.${service}`]),
      ]);
      while (!this.stopped) {
        this.nudged = false;
        const more = await Promise.race([broken, this.publishBatch(client)]);
        succeeded();
        failures.set({ service }, 0);
        if (!more && !this.nudged) await Promise.race([broken, this.rest(LOOK_AT_LEAST_EVERY)]);
      }
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Publishes the oldest events and forgets them; true when there may be more. */
  private async publishBatch(client: Client): Promise<boolean> {
    const schema = `"${this.options.service}"`;
    const { rows } = await client.query<{ id: string; payload: BusMessage }>(
      `SELECT id, payload FROM ${schema}.outbox ORDER BY position LIMIT $1`,
      [BATCH],
    );
    if (rows.length === 0) return false;
    await this.options.bus.publish(rows.map((row) => row.payload));
    failpoint('relay.published-before-forgotten');
    await client.query(`DELETE FROM ${schema}.outbox WHERE id = ANY($1)`, [rows.map((row) => row.id)]);
    published.inc({ service: this.options.service }, rows.length);
    return true;
  }

  private nudge(): void {
    this.nudged = true;
    this.wake();
  }

  private rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
