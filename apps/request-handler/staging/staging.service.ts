import { type DataOf, rawDataStaged, rawDataStagingFailed } from '@almagest/contracts';
import { addJob, JobRunner, JobsError, jobSchema, taskOf } from '@almagest/jobs';
import { Outbox } from '@almagest/messaging';
import { currentContext, failpoint, freeSpace, type Logger, LOGGER } from '@almagest/platform';
import { delayAfter } from '@almagest/retry';
import { SilentServerError } from '@almagest/sources';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { RequestHandlerConfig } from '../request-handler.config';
import { failedStagings, stagedBytes } from '../request-handler.metrics';
import { rawAsdmResource } from '../requests/raw-request.resource';
import type { NewRequest, StagedAsdmRow } from '../requests/raw-request.entity';
import { AsdmError, reasonOf, retryOf } from './asdm.error';
import { AsdmTransfer } from './asdm-transfer';
import { StagingRepository } from './staging.repository';

/** The job that stages one ASDM. */
const STAGE_TASK = 'request-handler/stage';

export interface StageJob {
  id: string;
  attempt: number;
}

const payloadSchema = jobSchema.extend({ attempt: z.int() });

const DAY = 24 * 3600 * 1000;
const PROGRESS_INTERVAL_MS = 500;

/**
 * Stages ASDMs, one in each job. The object is written first, then state and event in one transaction: an ASDM in state
 * `staged` exists and is verified. A run that dies at any point is run again, and finds what has been done.
 */
@Injectable()
export class StagingService implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly staging: StagingRepository,
    private readonly transfer: AsdmTransfer,
    private readonly outbox: Outbox,
    private readonly jobs: JobRunner,
    private readonly config: RequestHandlerConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(this.config.settings.concurrency, {
      [STAGE_TASK]: taskOf('stage', payloadSchema, (job, { signal }) => this.run(job, signal)),
    });
  }

  /** Queues a staging, in the transaction that decides on it. */
  async enqueue(manager: EntityManager, { id, attempt }: StageJob): Promise<void> {
    const payload = { id, attempt, traceparent: currentContext()?.traceparent ?? '' };
    // Each attempt has its own key: the job of the one before may not have ended when the next is requested.
    await addJob(manager, { task: STAGE_TASK, payload, key: `stage/${id}/${attempt}` });
  }

  /**
   * One run of the job. Does nothing for a staging that has been settled.
   * @throws JobsError `jobs.postponed` when it failed and is to run again; the reason of the abort, or the error that
   * prevented the failure from being recorded: then it runs again too
   */
  async run({ id, attempt }: StageJob, signal: AbortSignal): Promise<void> {
    const row = await this.staging.begin(id, attempt);
    if (row === null) return;
    failpoint('request-handler.job-begun');
    try {
      await this.assertFits(row.size);
      const sha256 = await this.transfer.stage(row, signal, this.progressOf(row));
      await this.settle(row, { state: 'staged', sha256, bytes_done: row.size, error: null, staged_at: new Date() });
      stagedBytes.inc(row.size);
      this.logger.info({ executionBlock: row.execution_block, bytes: row.size }, 'ASDM staged');
    } catch (error) {
      if (signal.aborted) throw error;
      await this.retryOrGiveUp(row, error);
    }
  }

  /**
   * Checks, before an ASDM is read, that the staging area has room for it. During the transfer the store itself checks.
   * @throws AsdmError `raw.no-room`; never for an S3 bucket, which does not report its free space
   */
  private async assertFits(bytes: number): Promise<void> {
    const { directory, minFreeBytes } = this.config.settings;
    if (directory === '') return;
    const free = await freeSpace(directory);
    if (bytes + minFreeBytes <= free) return;
    throw new AsdmError(
      'raw.no-room',
      'the staging area is full',
      `${bytes} bytes to stage and ${minFreeBytes} to stay free`,
      `${free} bytes free`,
    );
  }

  /** Returns a function that records progress now and then, one write at a time; the next write makes up for a failed one. */
  private progressOf(row: StagedAsdmRow): (bytes: number) => void {
    let nextAt = 0;
    let isWriting = false;
    return (bytes) => {
      if (isWriting || performance.now() < nextAt) return;
      isWriting = true;
      this.staging
        .noteProgress(row, bytes)
        .catch((error: unknown) => this.logger.warn({ error }, 'progress not recorded'))
        .finally(() => {
          isWriting = false;
          nextAt = performance.now() + PROGRESS_INTERVAL_MS;
        });
    };
  }

  private async retryOrGiveUp(row: StagedAsdmRow, error: unknown): Promise<void> {
    // The ASDM has not failed: nothing is counted.
    if (error instanceof SilentServerError) {
      throw new JobsError('jobs.postponed', error.message, { cause: error }, error.afterMs);
    }
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

  /** Settles an ASDM, and every request that waited for nothing else. */
  private async settle(row: StagedAsdmRow, end: Parameters<StagingRepository['settle']>[2]): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      if (!(await this.staging.settle(manager, row, end))) return;
      for (const request of await this.staging.lockWaitingFor(manager, row.id)) {
        await this.settleRequest(manager, request);
      }
      failpoint('request-handler.settled-before-commit');
    });
  }

  /** Settles a request whose ASDMs have all been settled. The caller holds a lock on the request. */
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
