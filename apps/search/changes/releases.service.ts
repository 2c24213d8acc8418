import { failpoint, type Logger, LOGGER, Periodic } from '@almagest/platform';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ContentRepository } from '../content/content.repository';

/** Readers of changes learn so soon that data have become public, in ms. */
const INTERVAL = 5_000;
/** ObsUnitSets that are listed at a time. */
const PAGE = 100;

/**
 * Records as a change, once, that the release date of a delivery has passed. The day is that of `search.today()`, which
 * also decides `data_rights`. What became public while no process ran is recorded when one starts; several may run at
 * the same time.
 */
@Injectable()
export class ReleasesService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly runs: Periodic;

  constructor(
    private readonly dataSource: DataSource,
    private readonly content: ContentRepository,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.runs = new Periodic('recording of released data', INTERVAL, (signal) => this.run(signal), logger);
  }

  onApplicationBootstrap(): void {
    this.runs.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.runs.stop();
  }

  /** Records every release that is due, each in a transaction of its own. */
  async run(signal: AbortSignal): Promise<void> {
    for (;;) {
      const due = await this.content.due(this.dataSource.manager, PAGE);
      for (const shown of due) {
        if (signal.aborted) return;
        await this.dataSource.transaction(async (manager) => {
          await this.content.lock(manager, shown.project);
          if (shown.delivery_id === null || !(await this.content.release(manager, shown))) return;
          await this.content.addChanges(manager, [{ kind: 'released', ...shown, delivery_id: shown.delivery_id }]);
          failpoint('search.released-before-commit');
        });
      }
      if (due.length < PAGE) return;
    }
  }
}
