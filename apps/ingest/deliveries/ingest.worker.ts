import { JobRunner, type LeasedWorker, taskOf } from '@almagest/jobs';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { z } from 'zod';
import { IngestConfig } from '../ingest.config';
import { INGEST_TASK, IngestService } from './ingest.service';

const payloadSchema = z.object({ id: z.uuid(), traceparent: z.string() });

/** Runs the ingest jobs of this process. */
@Injectable()
export class IngestWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private worker: LeasedWorker | undefined;

  constructor(
    private readonly ingest: IngestService,
    private readonly config: IngestConfig,
    private readonly jobs: JobRunner,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.worker = await this.jobs.start(this.config.settings.concurrency, {
      [INGEST_TASK]: taskOf('ingest', payloadSchema, (job, { signal }) => this.ingest.run(job, signal)),
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.worker?.stop();
  }
}
