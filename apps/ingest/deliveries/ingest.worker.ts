import { JobRunner, jobSchema, taskOf } from '@almagest/jobs';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { IngestConfig } from '../ingest.config';
import { INGEST_TASK, IngestService } from './ingest.service';

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
      [INGEST_TASK]: taskOf('ingest', jobSchema, (job, { signal }) => this.ingest.run(job, signal)),
    });
  }
}
