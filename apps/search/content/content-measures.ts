import { type Logger, LOGGER, Periodic } from '@almagest/platform';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { searchRows } from '../search.metrics';

const INTERVAL = 60_000;

/** Measures the tables that queries read. */
@Injectable()
export class ContentMeasures implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly runs: Periodic;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.runs = new Periodic('counting of rows', INTERVAL, () => this.measure(), logger);
  }

  onApplicationBootstrap(): void {
    this.runs.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.runs.stop();
  }

  private async measure(): Promise<void> {
    // To count a million rows takes too long; the estimate is that of the last ANALYZE.
    const rows = await this.dataSource.query<{ table: string; estimate: number }[]>(
      `SELECT relname AS table, greatest(reltuples, 0) AS estimate FROM pg_class
        WHERE relnamespace = 'search'::regnamespace
          AND relname IN ('observation', 'execution_block', 'file', 'change', 'project')`,
    );
    for (const { table, estimate } of rows) searchRows.set({ table }, estimate);
  }
}
