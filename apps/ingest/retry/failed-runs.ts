import { JobsError } from '@almagest/jobs';
import { type Logger, LOGGER, messageOf } from '@almagest/platform';
import { delayAfter } from '@almagest/retry';
import { SilentServerError } from '@almagest/sources';
import { Inject, Injectable } from '@nestjs/common';
import { Column, DataSource, type EntityTarget, PrimaryColumn } from 'typeorm';
import { failedRuns } from '../ingest.metrics';
import { faultOf } from './fault';

/** Counts the failed runs of a job; the base of the entities that jobs work on. */
export abstract class FailureCounts {
  @PrimaryColumn('uuid')
  id!: string;

  /** Runs that failed because of the delivery or its source; their number is limited. */
  @Column({ type: 'int', default: 0 })
  failures!: number;

  /** Runs that failed because of the archive; their number is not limited. */
  @Column({ type: 'int', default: 0 })
  hold_ups!: number;

  @Column({ type: 'text', nullable: true })
  last_failure!: string | null;
}

/** Decides whether a failed job runs again: a fault of the source is retried up to 7 times, a fault of the archive without end. */
@Injectable()
export class FailedRuns {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Counts a failed run in its row. Returns the number of failures when no attempt is left.
   * @throws JobsError `jobs.postponed` when the job is to run again
   */
  async retryOrGiveUp(entity: EntityTarget<FailureCounts>, row: FailureCounts, error: unknown): Promise<number> {
    // Neither the source nor the archive has failed: nothing is counted.
    if (error instanceof SilentServerError) {
      throw new JobsError('jobs.postponed', error.message, { cause: error }, error.afterMs);
    }
    const { of: fault, retry } = faultOf(error);
    const count = fault === 'source' ? 'failures' : 'hold_ups';
    const failures = row[count] + 1;
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
    failedRuns.inc({ fault, code });
    const delay = delayAfter(retry, failures);
    if (delay === null) {
      this.logger.warn({ error, failures }, 'giving up after the last retry');
      return failures;
    }
    const reason = messageOf(error);
    await this.dataSource.transaction(async (manager) => {
      await manager.increment(entity, { id: row.id }, count, 1);
      await manager.update(entity, { id: row.id }, { last_failure: reason });
    });
    this.logger.warn({ error, fault, failures }, 'run failed; will be retried');
    throw new JobsError('jobs.postponed', reason, { cause: error }, delay);
  }
}
