import { randomUUID } from 'node:crypto';
import { AdqlError } from '@almagest/adql';
import { searchJobFolder } from '@almagest/contracts';
import { addJob, JobRunner, JobsError, jobSchema, taskOf } from '@almagest/jobs';
import { currentContext, DomainError, failpoint, type Logger, LOGGER, traceparentFrom } from '@almagest/platform';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { QueriesService } from '../queries/queries.service';
import { SearchConfig } from '../search.config';
import { resultTooLarge, tooExpensive } from '../search.error';
import { DaliParameters } from '../tap/dali-parameters';
import { type TapQuery, tapQuery } from '../tap/tap-query';
import { userMessage } from '../tap/vo-error.filter';
import { JobChanges } from './job-changes';
import type { JobError, JobResult, JobRow } from './job.entity';
import { JobObjects } from './job-objects';
import { JobsRepository } from './jobs.repository';

const TASK = 'search/query';
/** A query whose run ended with its process so often is not run again: it may be what kills the process. */
const MAX_CRASHES = 5;
/** Until a run that failed through no fault of the query is tried again, ms. */
const RETRY_MS = 5_000;

/**
 * Runs asynchronous queries, each under a lease. A ticket in the queue of jobs is a turn, not a query: its
 * turn goes to the caller with the fewest running queries. A run that dies at any point is run again from the beginning
 * under a key of its own in the object store; the result becomes visible with the row that names this key.
 */
@Injectable()
export class JobExecution implements OnModuleInit {
  constructor(
    private readonly repository: JobsRepository,
    private readonly objects: JobObjects,
    private readonly changes: JobChanges,
    private readonly queries: QueriesService,
    private readonly jobs: JobRunner,
    private readonly config: SearchConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    const task = taskOf('asynchronous query', jobSchema, ({ id }, { signal }) => this.run(id, signal));
    this.jobs.handle(this.config.limits.TAP_ASYNC_QUERIES, { [TASK]: task });
  }

  /** Queues a turn, in the transaction that queues a query. */
  async enqueue(manager: EntityManager): Promise<void> {
    const id = randomUUID();
    const traceparent = traceparentFrom(currentContext()?.traceparent);
    await addJob(manager, { task: TASK, payload: { id, traceparent }, key: `${TASK}/${id}` });
  }

  /**
   * Uses a turn.
   * @throws JobsError `jobs.postponed` when the archive is at fault; the reason of the signal: then the same query runs again
   */
  async run(ticket: string, signal: AbortSignal): Promise<void> {
    const job = await this.repository.claim(ticket);
    if (job === null) return;
    failpoint('search.job-begun');
    if (job.crashes > MAX_CRASHES) {
      const message = 'The archive stopped each time that it ran this query; narrow it down';
      await this.fail(job, { type: 'fatal', message });
      return;
    }
    await this.attempt(job, signal);
  }

  private async attempt(job: JobRow, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const seconds = job.execution_duration;
    const late = setTimeout(() => {
      stop.abort(tooExpensive(`The query did not end within ${seconds} s; narrow it down, or ask for fewer rows`));
    }, seconds * 1000);
    const shutDown = (): void => stop.abort(signal.reason);
    signal.addEventListener('abort', shutDown, { once: true });
    const watched = this.stopWhenEnded(job, stop);
    try {
      signal.throwIfAborted();
      // Earlier runs left these, or are not aware yet that they have lost their lease.
      await this.objects.removeBelow(`${searchJobFolder(job.id)}/result-`);
      const result = await this.resultOf(job, stop.signal);
      failpoint('search.result-stored');
      if (await this.repository.settle(job, { result })) {
        this.logger.info({ job: job.id, bytes: result.size }, 'asynchronous query completed');
      } else await this.discard(job);
    } catch (error) {
      await this.failed(job, signal.aborted ? signal.reason : error);
    } finally {
      clearTimeout(late);
      signal.removeEventListener('abort', shutDown);
      // Ends the watch.
      stop.abort();
      await watched;
    }
  }

  private async resultOf(job: JobRow, signal: AbortSignal): Promise<JobResult> {
    const query = this.queryOf(job);
    const mode = { seconds: job.execution_duration, showsFaults: false };
    const running = await this.queries.start(query, job.caller, signal, mode);
    try {
      const key = `${searchJobFolder(job.id)}/result-${job.run}`;
      const limit = this.config.limits.TAP_RESULT_MB * 1024 ** 2;
      const tooLarge = (): Error => resultTooLarge(limit);
      const stored = await this.objects.write(key, running.pieces, { limit, tooLarge, signal });
      return { ...stored, mediaType: query.format.mediaType };
    } finally {
      await running.close();
    }
  }

  /** @throws DomainError `search.bad-parameter` */
  private queryOf({ parameters, uploads }: JobRow): TapQuery {
    const others = parameters.filter(([name]) => name !== 'UPLOAD');
    const query = tapQuery(DaliParameters.from(others), this.config.limits);
    return { ...query, uploads: uploads.map((upload) => this.objects.upload(upload)) };
  }

  /** Aborts a run when its job is aborted, archived, deleted or run by somebody else. */
  private async stopWhenEnded(job: JobRow, stop: AbortController): Promise<void> {
    const changes = this.changes.of(job.id);
    try {
      while (await changes.next(stop.signal)) {
        const isRunning = await this.repository.isRunning(job).catch(() => true);
        if (!isRunning) stop.abort(new JobEnded());
      }
    } finally {
      changes.close();
    }
  }

  private async failed(job: JobRow, error: unknown): Promise<void> {
    // Another run may be under way: this one removes nothing but its own.
    if (error instanceof JobEnded) {
      await this.discard(job);
      return;
    }
    if (isFaultOfQuery(error)) {
      await this.discard(job);
      await this.fail(job, { type: 'fatal', message: userMessage(error) });
      return;
    }
    // The worker shuts down or has lost its lease: the next run follows at once.
    if (error instanceof JobsError) {
      await this.repository.noteSurvived(job);
      throw error;
    }
    const running = Date.now() - (job.started_at?.getTime() ?? 0);
    if (running > job.execution_duration * 1000) {
      this.logger.error({ error, job: job.id }, 'asynchronous query given up');
      await this.fail(job, { type: 'transient', message: 'The archive could not answer; try again later' });
      return;
    }
    this.logger.warn({ error, job: job.id }, 'asynchronous query failed; it runs again');
    await this.repository.noteSurvived(job);
    throw new JobsError('jobs.postponed', 'the query runs again', { cause: error }, RETRY_MS);
  }

  /** Deletes what this run has stored; the sweep does it later if this fails. */
  private async discard({ id, run }: JobRow): Promise<void> {
    await this.objects.removeBelow(`${searchJobFolder(id)}/result-${run}`).catch((error: unknown) => {
      this.logger.warn({ error, job: id }, 'could not delete the result of a run');
    });
  }

  private async fail(job: JobRow, error: JobError): Promise<void> {
    await this.repository.settle(job, { error });
    this.logger.info({ job: job.id, reason: error.message }, 'asynchronous query failed');
  }
}

/** The job was aborted, archived or deleted while it ran. */
class JobEnded extends Error {}

/** The same query would fail again. */
function isFaultOfQuery(error: unknown): boolean {
  return error instanceof AdqlError || (error instanceof DomainError && error.kind === 'invalid');
}
