import { JobRunner, jobSchema, taskOf } from '@almagest/jobs';
import { type Logger, LOGGER } from '@almagest/platform';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { z } from 'zod';
import { RequestHandlerConfig } from '../request-handler.config';
import { StagingSweep } from './staging-sweep';
import { STAGE_TASK, StagingService } from './staging.service';

const payloadSchema = jobSchema.extend({ attempt: z.int() });
const SWEEP_EVERY_MS = 60_000;

/** Runs the staging jobs of this process, and sweeps the staging area. */
@Injectable()
export class StagingWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();

  constructor(
    private readonly staging: StagingService,
    private readonly sweep: StagingSweep,
    private readonly config: RequestHandlerConfig,
    private readonly jobs: JobRunner,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.start(this.config.settings.concurrency, {
      [STAGE_TASK]: taskOf('stage', payloadSchema, (job, { signal }) => this.staging.run(job, signal)),
    });
    this.sweepNow();
    this.timer = setInterval(() => this.sweepNow(), SWEEP_EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.sweep.stop();
    await this.sweeping;
  }

  private sweepNow(): void {
    // One after the other: a sweep that takes long is not joined by the next.
    this.sweeping = this.sweeping
      .then(() => this.sweep.run(new Date()))
      .catch((error: unknown) => this.logger.warn({ error }, 'sweep of the staging area failed'));
  }
}
