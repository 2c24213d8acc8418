import { type JobContext, LeasedWorker } from '@almagest/jobs';
import { BUS_POOL } from '@almagest/messaging';
import { type Logger, LOGGER, withContext } from '@almagest/platform';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Pool } from 'pg';
import { z } from 'zod';
import { RequestHandlerConfig } from '../request-handler.config';
import { StagingSweep } from './staging-sweep';
import { STAGE_TASK, StagingService } from './staging.service';

const payloadSchema = z.object({ id: z.uuid(), attempt: z.int(), traceparent: z.string() });
const SWEEP_EVERY_MS = 60_000;

/** Runs the staging jobs of this process, and sweeps the staging area. */
@Injectable()
export class StagingWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private worker: LeasedWorker | undefined;
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();

  constructor(
    private readonly staging: StagingService,
    private readonly sweep: StagingSweep,
    private readonly config: RequestHandlerConfig,
    @Inject(BUS_POOL) private readonly pool: Pool,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.worker = await LeasedWorker.start({
      databaseUrl: this.config.settings.databaseUrl,
      pool: this.pool,
      logger: this.logger,
      concurrency: this.config.settings.concurrency,
      tasks: { [STAGE_TASK]: (payload, context) => this.run(payload, context) },
    });
    this.sweepNow();
    this.timer = setInterval(() => this.sweepNow(), SWEEP_EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.sweep.stop();
    await this.sweeping;
    await this.worker?.stop();
  }

  private sweepNow(): void {
    // One after the other: a sweep that takes long is not joined by the next.
    this.sweeping = this.sweeping
      .then(() => this.sweep.run(new Date()))
      .catch((error: unknown) => this.logger.warn({ error }, 'sweep of the staging area failed'));
  }

  private async run(payload: unknown, { signal }: JobContext): Promise<void> {
    const { traceparent, ...job } = payloadSchema.parse(payload);
    await withContext({ traceparent }, () => this.staging.run(job, signal));
  }
}
