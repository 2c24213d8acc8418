import { type JobContext, LeasedWorker } from '@almagest/jobs';
import { BUS_POOL } from '@almagest/messaging';
import { type Logger, LOGGER, withContext } from '@almagest/platform';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Pool } from 'pg';
import { z } from 'zod';
import { RebuildService } from './rebuild/rebuild.service';
import { ReconcileService } from './reconcile/reconcile.service';
import type { RunKind } from './runs/upkeep-run.entity';
import { upkeepTask } from './runs/upkeep-runs';
import { ScrubService } from './scrub/scrub.service';
import { UpkeepConfig } from './upkeep.config';

const payloadSchema = z.object({ id: z.uuid(), traceparent: z.string() });

/** How often it is looked whether a scrub is due, in ms. */
const LOOK_EVERY = 60_000;

interface Work {
  run(id: string, signal: AbortSignal): Promise<void>;
}

/** Runs the upkeep jobs of this process, and begins the scheduled ones. */
@Injectable()
export class UpkeepWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly work: Record<RunKind, Work>;
  private worker: LeasedWorker | undefined;
  private clock: NodeJS.Timeout | undefined;

  constructor(
    private readonly scrubs: ScrubService,
    reconciliations: ReconcileService,
    rebuilds: RebuildService,
    private readonly config: UpkeepConfig,
    @Inject(BUS_POOL) private readonly pool: Pool,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.work = { scrub: scrubs, reconciliation: reconciliations, rebuild: rebuilds };
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.scrubs.report();
    const tasks = Object.entries(this.work) as [RunKind, Work][];
    this.worker = await LeasedWorker.start({
      databaseUrl: this.config.databaseUrl,
      pool: this.pool,
      logger: this.logger,
      concurrency: tasks.length,
      tasks: Object.fromEntries(
        tasks.map(([kind, work]) => [upkeepTask(kind), (payload, context) => runIn(work, payload, context)]),
      ),
    });
    this.clock = setInterval(() => void this.look(), LOOK_EVERY).unref();
    await this.look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.clock);
    await this.worker?.stop();
  }

  private async look(): Promise<void> {
    await this.scrubs.requestIfDue().catch((error: unknown) => this.logger.warn({ error }, 'scrub not scheduled'));
  }
}

async function runIn(work: Work, payload: unknown, { signal }: JobContext): Promise<void> {
  const { id, traceparent } = payloadSchema.parse(payload);
  await withContext({ traceparent }, () => work.run(id, signal));
}
