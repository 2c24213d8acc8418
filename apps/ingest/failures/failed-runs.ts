import { JobsError } from '@almagest/jobs';
import { type Logger, LOGGER, messageOf } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityTarget } from 'typeorm';
import { failedRuns } from '../ingest.metrics';
import type { FailureCounts } from './failure-counts';
import { troubleOf, waitAfter } from './trouble';

/** Bears failed runs of a job: the source's for a while, the archive's until they are over. */
@Injectable()
export class FailedRuns {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Counts a failed run in its row. Returns, with how many there were, when it was the last that is borne.
   * @throws JobsError `jobs.postponed` when the job is to run again after a while
   */
  async bear(entity: EntityTarget<FailureCounts>, row: FailureCounts, error: unknown): Promise<number> {
    const trouble = troubleOf(error);
    const { fault, tries } = trouble;
    const failures = (fault === 'source' ? row.failures : row.hold_ups) + 1;
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
    failedRuns.inc({ fault, code });
    if (failures >= tries) {
      this.logger.warn({ error, failures }, 'given up');
      return failures;
    }
    const seconds = waitAfter(trouble, failures);
    const reason = messageOf(error);
    await this.note(entity, row.id, fault === 'source' ? 'failures' : 'hold_ups', reason);
    this.logger.warn({ error, fault, failures, seconds }, 'held up');
    throw new JobsError('jobs.postponed', reason, { cause: error }, seconds);
  }

  private async note(
    entity: EntityTarget<FailureCounts>,
    id: string,
    count: 'failures' | 'hold_ups',
    reason: string,
  ): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.increment(entity, { id }, count, 1);
      await manager.update(entity, { id }, { last_failure: reason });
    });
  }
}
