import { type DataOf, rawDataStaged, rawDataStagingFailed } from '@almagest/contracts';
import { addJob, JobsError } from '@almagest/jobs';
import { Outbox } from '@almagest/messaging';
import { currentContext, failpoint, type Logger, LOGGER } from '@almagest/platform';
import { delayAfter } from '@almagest/retry';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { RequestHandlerConfig } from '../request-handler.config';
import { failedStagings, stagedBytes } from '../request-handler.metrics';
import { rawAsdmResource } from '../requests/raw-request.resource';
import type { NewRequest, StagedAsdmRow } from '../requests/raw-request.entity';
import { reasonOf, retryOf } from './asdm.error';
import { AsdmTransfer } from './asdm-transfer';
import { StagingRepository } from './staging.repository';
import { StagingRoom } from './staging-room';

/** The job that stages one ASDM. */
export const STAGE_TASK = 'request-handler/stage';

export interface StageJob {
  id: string;
  attempt: number;
}

const DAY = 24 * 3600 * 1000;
const TELL_EVERY_MS = 500;

/**
 * Stages ASDMs, one a job. Object first, then state and event in one transaction: what is `staged` is there, verified.
 * A run that dies anywhere is run again and finds what is done.
 */
@Injectable()
export class StagingService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly staging: StagingRepository,
    private readonly transfer: AsdmTransfer,
    private readonly room: StagingRoom,
    private readonly outbox: Outbox,
    private readonly config: RequestHandlerConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Queues a try, in the transaction that decides on it. */
  async enqueue(manager: EntityManager, { id, attempt }: StageJob): Promise<void> {
    const payload = { id, attempt, traceparent: currentContext()?.traceparent ?? '' };
    // A key of its own for each try: the job of the one before may not have ended when the next is asked for.
    await addJob(manager, { task: STAGE_TASK, payload, key: `stage/${id}/${attempt}` });
  }

  /**
   * One run of a try. Does nothing for one that has been settled.
   * @throws JobsError `jobs.postponed` when it failed and is to run again after a while; what it was stopped with from
   * outside, or what kept its failure from being noted: then it runs again too
   */
  async run({ id, attempt }: StageJob, signal: AbortSignal): Promise<void> {
    const row = await this.staging.begin(id, attempt);
    if (row === null) return;
    failpoint('request-handler.job-begun');
    try {
      await this.room.mustHold(row.size);
      const sha256 = await this.transfer.stage(row, signal, this.teller(row));
      await this.settle(row, { state: 'staged', sha256, bytes_done: row.size, error: null, staged_at: new Date() });
      stagedBytes.inc(row.size);
      this.logger.info({ executionBlock: row.execution_block, bytes: row.size }, 'ASDM staged');
    } catch (error) {
      if (signal.aborted) throw error;
      await this.retryOrGiveUp(row, error);
    }
  }

  /** Tells now and then how far it is; one telling at a time, and a failed one is made up for by the next. */
  private teller(row: StagedAsdmRow): (bytes: number) => void {
    let nextAt = 0;
    let telling = false;
    return (bytes) => {
      if (telling || performance.now() < nextAt) return;
      telling = true;
      this.staging
        .noteProgress(row, bytes)
        .catch((error: unknown) => this.logger.warn({ error }, 'progress not noted'))
        .finally(() => {
          telling = false;
          nextAt = performance.now() + TELL_EVERY_MS;
        });
    };
  }

  private async retryOrGiveUp(row: StagedAsdmRow, error: unknown): Promise<void> {
    const retry = retryOf(error);
    if (retry === null) throw error;
    const failures = row.failures + 1;
    const reason = reasonOf(error);
    failedStagings.inc({ code: reason.code });
    const delay = delayAfter(retry, failures);
    if (delay === null) {
      this.logger.warn({ error, executionBlock: row.execution_block, failures }, 'ASDM given up');
      await this.transfer.remove(row);
      await this.settle(row, { state: 'failed', sha256: null, bytes_done: 0, error: reason, staged_at: null });
      return;
    }
    await this.staging.noteFailure(row, failures, reason);
    this.logger.warn({ error, executionBlock: row.execution_block, failures }, 'staging failed; will be retried');
    throw new JobsError('jobs.postponed', reason.message, { cause: error }, delay);
  }

  /** The end of an ASDM's try, and of every request that waited for nothing else. */
  private async settle(row: StagedAsdmRow, end: Parameters<StagingRepository['settle']>[2]): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      if (!(await this.staging.settle(manager, row, end))) return;
      for (const request of await this.staging.lockWaitingFor(manager, row.id)) {
        await this.settleRequest(manager, request);
      }
      failpoint('request-handler.settled-before-commit');
    });
  }

  /** Ends a request whose ASDMs have all been settled. Called with the request locked. */
  async settleRequest(manager: EntityManager, request: NewRequest): Promise<void> {
    const asdms = await this.staging.asdmsOf(manager, request.id);
    if (asdms.some(({ state }) => state === 'waiting' || state === 'staging')) return;
    const settled_at = new Date();
    const expires_at = new Date(settled_at.getTime() + this.config.settings.keepDays * DAY);
    const state = asdms.every((asdm) => asdm.state === 'staged') ? 'staged' : 'failed';
    await this.staging.settleRequest(manager, request.id, { state, settled_at, expires_at });
    const event = state === 'staged' ? rawDataStaged : rawDataStagingFailed;
    const about = { key: request.group_uid, subject: request.ous };
    await this.outbox.add(manager, event, about, eventOf({ ...request, expires_at }, asdms));
  }
}

function eventOf(
  request: NewRequest & { expires_at: Date },
  asdms: readonly StagedAsdmRow[],
): DataOf<typeof rawDataStaged> {
  return {
    requestId: request.id,
    project: request.project,
    group: request.group_uid,
    ous: request.ous,
    revision: request.revision,
    delivery: request.delivery_id,
    notify: request.notify ?? null,
    expiresAt: request.expires_at.toISOString(),
    asdms: asdms.map((asdm) => rawAsdmResource(request, asdm)),
  };
}
