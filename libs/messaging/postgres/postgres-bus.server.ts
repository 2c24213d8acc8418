import type { ServiceName } from '@almagest/contracts';
import { LeasedWorker, type JobContext } from '@almagest/jobs';
import type { Logger } from '@almagest/platform';
import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import type { Pool } from 'pg';
import { MOST_ATTEMPTS } from '../bus';
import { assertSubscriptions, dispatch, reasonOf, shouldRetry } from '../nest/dispatch';
import { busTask } from './postgres-bus.publisher';

/** Messages of one service handled at the same time; those of one key never are. */
const CONCURRENCY = 4;

/** Nest's transport strategy over the Postgres bus: delivers a service's jobs to its `@OnEvent` handlers. */
export class PostgresBusServer extends Server implements CustomTransportStrategy {
  private worker: LeasedWorker | undefined;

  constructor(private readonly options: { service: ServiceName; databaseUrl: string; pool: Pool; logger: Logger }) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    this.begin().then(() => callback(), callback);
  }

  async close(): Promise<void> {
    await this.worker?.stop();
  }

  on(): void {
    throw new Error('the Postgres bus has no events of its own');
  }

  unwrap<T>(): T {
    return this.worker as T;
  }

  private async begin(): Promise<void> {
    const { service, databaseUrl, pool, logger } = this.options;
    assertSubscriptions(service, [...this.messageHandlers.keys()]);
    this.worker = await LeasedWorker.start({
      databaseUrl,
      pool,
      logger,
      concurrency: CONCURRENCY,
      tasks: { [busTask(service)]: (payload, context) => this.handle(payload, context) },
    });
  }

  private async handle(payload: unknown, { attempt }: JobContext): Promise<void> {
    try {
      await dispatch(payload, (type) => this.getHandlerByPattern(type));
    } catch (error) {
      const { service, pool, logger } = this.options;
      if (shouldRetry(error, attempt)) throw error;
      logger.error({ error, attempt, most: MOST_ATTEMPTS }, 'message given up: dead letter');
      await pool.query(`INSERT INTO bus.dead_letter (message, service, reason, attempts) VALUES ($1, $2, $3, $4)`, [
        JSON.stringify(payload),
        service,
        reasonOf(error),
        attempt,
      ]);
    }
  }
}
