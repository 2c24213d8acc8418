import { JobRunner, jobSchema, type Task, taskOf } from '@almagest/jobs';
import { type Logger, LOGGER } from '@almagest/platform';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { RebuildService } from './rebuild/rebuild.service';
import { ReconcileService } from './reconcile/reconcile.service';
import type { RunKind } from './runs/upkeep-run.entity';
import { upkeepTask } from './runs/upkeep-runs';
import { ScrubService } from './scrub/scrub.service';

/** Milliseconds between checks whether a scrub is due. */
const CHECK_EVERY = 60_000;

/** One run of each kind at a time. */
const TASKS = 3;

/** Runs the upkeep jobs of this process, and starts the scheduled ones. */
@Injectable()
export class UpkeepWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private clock: NodeJS.Timeout | undefined;

  constructor(
    private readonly scrubs: ScrubService,
    private readonly reconciliations: ReconcileService,
    private readonly rebuilds: RebuildService,
    private readonly jobs: JobRunner,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.scrubs.updateMetrics();
    await this.jobs.start(TASKS, {
      [upkeepTask('scrub')]: taskFor('scrub', this.scrubs),
      [upkeepTask('reconciliation')]: taskFor('reconciliation', this.reconciliations),
      [upkeepTask('rebuild')]: taskFor('rebuild', this.rebuilds),
    });
    this.clock = setInterval(() => void this.schedule(), CHECK_EVERY).unref();
    await this.schedule();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.clock);
  }

  private async schedule(): Promise<void> {
    await this.scrubs.requestIfDue().catch((error: unknown) => this.logger.warn({ error }, 'scrub not scheduled'));
  }
}

function taskFor(kind: RunKind, service: { run(id: string, signal: AbortSignal): Promise<void> }): Task {
  return taskOf(kind, jobSchema, ({ id }, { signal }) => service.run(id, signal));
}
