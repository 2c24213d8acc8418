import { JobRunner, jobSchema, taskOf } from '@almagest/jobs';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { RESTORE_TASK, RestoreService } from './restore.service';

/** Parts restored at the same time, beside the deliveries: a store that lost many must not hold new ones up. */
const CONCURRENCY = 1;

/** Runs the restoring jobs of this process. */
@Injectable()
export class RestoreWorker implements OnApplicationBootstrap {
  constructor(
    private readonly restoring: RestoreService,
    private readonly jobs: JobRunner,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.start(CONCURRENCY, {
      [RESTORE_TASK]: taskOf('restore', jobSchema, (job, { signal }) => this.restoring.run(job, signal)),
    });
  }
}
