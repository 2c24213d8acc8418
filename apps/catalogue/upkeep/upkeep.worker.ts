import { JobRunner, jobSchema, type Task, taskOf } from '@almagest/jobs';
import { type Logger, LOGGER, Periodic } from '@almagest/platform';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { RebuildService } from './rebuild/rebuild.service';
import { ReconcileService } from './reconcile/reconcile.service';
import type { RunKind } from './runs/upkeep-run.entity';
import { upkeepTask } from './runs/upkeep-runs';
import { ScrubService } from './scrub/scrub.service';

/** How often the worker checks whether a scrub is due, in ms. */
const SCHEDULE_INTERVAL = 60_000;

/** One run of each kind at a time. */
const TASKS = 3;

/** Runs the upkeep jobs in this process, and starts the scheduled ones. */
@Injectable()
export class UpkeepWorker implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly schedule: Periodic;

  constructor(
    private readonly scrubs: ScrubService,
    private readonly reconciliations: ReconcileService,
    private readonly rebuilds: RebuildService,
    private readonly jobs: JobRunner,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.schedule = new Periodic('scheduling of scrubs', SCHEDULE_INTERVAL, () => this.scrubs.requestIfDue(), logger);
  }

  onModuleInit(): void {
    this.jobs.handle(TASKS, {
      [upkeepTask('scrub')]: taskFor('scrub', this.scrubs),
      [upkeepTask('reconciliation')]: taskFor('reconciliation', this.reconciliations),
      [upkeepTask('rebuild')]: taskFor('rebuild', this.rebuilds),
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.scrubs.updateMetrics();
    this.schedule.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.schedule.stop();
  }
}

function taskFor(kind: RunKind, service: { run(id: string, signal: AbortSignal): Promise<void> }): Task {
  return taskOf(kind, jobSchema, ({ id }, { signal }) => service.run(id, signal));
}
