import { JobRunner, taskOf } from '@almagest/jobs';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { z } from 'zod';
import { IngestConfig } from '../ingest.config';
import { INGEST_TASK, IngestService } from './ingest.service';

const payloadSchema = z.object({ id: z.uuid(), traceparent: z.string() });

/** Runs the ingest jobs of this process. */
@Injectable()
export class IngestWorker implements OnApplicationBootstrap {
  constructor(
    private readonly ingest: IngestService,
    private readonly config: IngestConfig,
    private readonly jobs: JobRunner,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.start(this.config.settings.concurrency, {
      [INGEST_TASK]: taskOf('ingest', payloadSchema, (job, { signal }) => this.ingest.run(job, signal)),
    });
  }
}
