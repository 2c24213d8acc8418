import { EVENTS, type ServiceName } from '@almagest/contracts';
import type { Logger } from '@almagest/platform';
import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import type { Pool } from 'pg';
import { messageRetryDelay } from '../bus';
import { assertSubscriptions, type Outcome, outcomeOf, type RunOptions } from '../dispatch';
import { PostgresBusReaders } from '../postgres/postgres-bus.reader';
import { KafkaBusReader } from './kafka-bus.reader';
import type { KafkaSettings } from './kafka.settings';
import { RetryQueue } from './retry-queue';

/** Messages of a service that are retried at the same time. */
const RETRY_CONCURRENCY = 2;

export interface KafkaBusServerOptions {
  service: ServiceName;
  settings: KafkaSettings;
  /** The database that stores the messages that wait for a retry, and a pool on it. */
  databaseUrl: string;
  pool: Pool;
  logger: Logger;
  /** Longest wait before a message is run again, or the bus reconnects, in ms. */
  maximumRetryInterval?: number;
  /** In ms, after the nth run; that of `MESSAGE_RETRY` when absent. */
  retryDelay?: RunOptions['retryDelay'];
}

/** The Nest transport strategy of Kafka: delivers a service's messages to its `@OnEvent` handlers. */
export class KafkaBusServer extends Server implements CustomTransportStrategy {
  private readers: { start(): void | Promise<void>; stop(): Promise<void> }[] = [];
  private kafka: KafkaBusReader | undefined;

  constructor(private readonly options: KafkaBusServerOptions) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    this.start().then(() => callback(), callback);
  }

  /** Finishes the current messages. */
  async close(): Promise<void> {
    await Promise.all(this.readers.map((reader) => reader.stop()));
  }

  /** @throws Error with the reason why the service does not read from Kafka, although it listens */
  check(): void {
    this.kafka?.check();
  }

  on(): void {
    throw new Error('the Kafka bus has no events');
  }

  unwrap<T>(): T {
    return this.readers as T;
  }

  private async start(): Promise<void> {
    const { service, settings, databaseUrl, pool, logger, maximumRetryInterval } = this.options;
    assertSubscriptions(service, [...this.messageHandlers.keys()]);
    const retryDelay = messageRetryDelay(maximumRetryInterval);
    const how = { retryDelay, ...this.options, handlerOf: (type: string) => this.getHandlerByPattern(type) };
    const run = (message: unknown, attempt: number): Promise<Outcome> => outcomeOf(message, attempt, how);
    const retries = new PostgresBusReaders(RETRY_CONCURRENCY, {
      service,
      databaseUrl,
      logger,
      maximumRetryInterval,
      run,
    });
    this.kafka = new KafkaBusReader({
      service,
      settings,
      logger,
      maximumRetryInterval,
      run,
      topics: [...new Set(EVENTS.filter((event) => event.subscribers.includes(service)).map(({ topic }) => topic))],
      queue: new RetryQueue(service, pool),
      onRetry: (ms) => retries.lookIn(ms),
    });
    this.readers = [retries, this.kafka];
    try {
      for (const reader of this.readers) await reader.start();
    } catch (error) {
      await this.close();
      throw error;
    }
  }
}
