import { JobRunner, jobSchema, taskOf } from '@almagest/jobs';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { REBUILD_TASK, RebuildService } from './rebuild.service';

/** Runs rebuilds in this process, one at a time. */
@Injectable()
export class RebuildWorker implements OnModuleInit {
  constructor(
    private readonly jobs: JobRunner,
    private readonly rebuilds: RebuildService,
  ) {}

  onModuleInit(): void {
    const task = taskOf('rebuild of search', jobSchema, ({ id }, { signal }) => this.rebuilds.run(id, signal));
    this.jobs.handle(1, { [REBUILD_TASK]: task });
  }
}
