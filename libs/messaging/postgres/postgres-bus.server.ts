import type { ServiceName } from '@almagest/contracts';
import type { Logger } from '@almagest/platform';
import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { messageRetryDelay } from '../bus';
import { assertSubscriptions, outcomeOf, type RunOptions } from '../dispatch';
import { PostgresBusReaders } from './postgres-bus.reader';

/** Messages of a service that are handled at the same time; never two of the same key. */
const CONCURRENCY = 4;

export interface PostgresBusServerOptions {
  service: ServiceName;
  databaseUrl: string;
  logger: Logger;
  /** Longest wait before a message is run again, or the bus reconnects, in ms. */
  maximumRetryInterval?: number;
  /** In ms, after the nth run; that of `MESSAGE_RETRY` when absent. */
  retryDelay?: RunOptions['retryDelay'];
}

/** The Nest transport strategy of the Postgres bus: delivers a service's messages to its `@OnEvent` handlers. */
export class PostgresBusServer extends Server implements CustomTransportStrategy {
  private readers: PostgresBusReaders | undefined;

  constructor(private readonly options: PostgresBusServerOptions) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    try {
      assertSubscriptions(this.options.service, [...this.messageHandlers.keys()]);
    } catch (error) {
      callback(error);
      return;
    }
    const { service, databaseUrl, logger, maximumRetryInterval } = this.options;
    const retryDelay = messageRetryDelay(maximumRetryInterval);
    const how = { retryDelay, ...this.options, handlerOf: (type: string) => this.getHandlerByPattern(type) };
    this.readers = new PostgresBusReaders(CONCURRENCY, {
      service,
      databaseUrl,
      logger,
      maximumRetryInterval,
      run: (message, attempt) => outcomeOf(message, attempt, how),
    });
    this.readers.start();
    callback();
  }

  /** Finishes the current messages. */
  async close(): Promise<void> {
    await this.readers?.stop();
  }

  on(): void {
    throw new Error('the Postgres bus has no events');
  }

  unwrap<T>(): T {
    return this.readers as T;
  }
}
