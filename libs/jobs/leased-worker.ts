import { EventEmitter } from 'node:events';
import type { Logger } from '@almagest/platform';
import { delayAfter, type RetryPolicy, withMaximumInterval } from '@almagest/retry';
import { type JobHelpers, runTaskList, type WorkerEvents, type WorkerPool } from 'graphile-worker';
import type { Pool } from 'pg';
import { JobsError } from './jobs.error';
import { Lease } from './lease';
import { graphileLogger } from './queue';
import { releasingOnce } from './releasing-once';

/** What a running job gets besides its payload. */
export interface JobContext {
  /** 1 on the first run; every failure and every crash counts, a shutdown does not. */
  attempt: number;
  /** Aborted when the process shuts down or the lease is lost; the job then ends as soon as it can, and runs again. */
  signal: AbortSignal;
}

/**
 * A piece of work. It runs again after any error: after the interval of a JobsError `jobs.postponed`, else after that of
 * `JOB_RETRY`.
 */
export type Task = (payload: unknown, context: JobContext) => Promise<void>;

export interface LeasedWorkerOptions {
  databaseUrl: string;
  pool: Pool;
  tasks: Record<string, Task>;
  concurrency: number;
  logger: Logger;
  /** Longest wait before a failed job runs again, in ms. */
  maximumRetryInterval?: number;
}

/** When a job that failed runs again: after e, e², e³ ... seconds, as graphile-worker has it, and every six hours at least. */
export const JOB_RETRY: RetryPolicy = {
  initialInterval: Math.E * 1_000,
  backoffCoefficient: Math.E,
  maximumInterval: 6 * 3600 * 1_000,
  maximumAttempts: Infinity,
};

/** How often the queue is polled for jobs that have become due, in ms; new jobs are announced. */
const POLL_INTERVAL = { longest: 1_000, shortest: 250 };

/** How often this process checks its own workers, and looks for those of dead processes, in ms. */
const CHECK_INTERVAL = 2_000;

/**
 * Runs jobs under a lease (`Lease`): the jobs of a process that died run again within seconds (graphile-worker alone
 * waits four hours), those of a living process never do.
 */
export class LeasedWorker {
  private readonly lease: Lease;
  private abort = new AbortController();
  private current: WorkerPool | undefined;
  /** What `stop` waits for: replaced worker pools whose jobs still run, and jobs on their way back to the queue. */
  private readonly unfinished = new Set<Promise<void>>();
  private checking: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private stopping = false;
  private readonly retry: RetryPolicy;

  private constructor(private readonly options: LeasedWorkerOptions) {
    const { databaseUrl, logger, maximumRetryInterval = Infinity } = options;
    this.retry = withMaximumInterval(JOB_RETRY, maximumRetryInterval);
    this.lease = new Lease({ databaseUrl, logger, onLost: () => this.onLeaseLost() });
  }

  static async start(options: LeasedWorkerOptions): Promise<LeasedWorker> {
    const worker = new LeasedWorker(options);
    await worker.checkWorkers();
    worker.scheduleCheck();
    return worker;
  }

  /** Finishes the running jobs or gives them back to the queue, then returns. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    await this.checking;
    this.abort.abort(new JobsError('jobs.shutting-down', 'the worker is shutting down'));
    this.retire();
    while (this.unfinished.size > 0) await Promise.all(this.unfinished);
    await this.lease.close();
  }

  private scheduleCheck(): void {
    this.timer = setTimeout(() => {
      this.checking = this.checkWorkers()
        .catch((error: unknown) => this.options.logger.warn({ error }, 'check of the workers failed'))
        .finally(() => {
          if (!this.stopping) this.scheduleCheck();
        });
    }, CHECK_INTERVAL);
  }

  private async checkWorkers(): Promise<void> {
    await this.lease.sweep();
    if (this.current === undefined && !this.stopping) this.launch();
  }

  private launch(): void {
    const { logger } = this.options;
    const events = new EventEmitter() as WorkerEvents;
    events.on('worker:create', ({ worker }) => this.finishLater(this.lease.acquire(worker.workerId)));
    events.on('worker:stop', ({ worker, error }) => {
      this.finishLater(this.lease.release(worker.workerId));
      // It failed to record the outcome of its job, and has ended for good; graphile-worker starts no other in its place.
      if (error !== undefined && this.current === pool) this.retire();
    });
    events.on('job:complete', ({ job, error }) => {
      if (!error) return;
      // A job that a shutdown cut short has not failed: it runs again at once, elsewhere or after the restart.
      if (this.stopping) this.finishLater(this.reschedule(job.id, 0, job.attempts - 1));
      else if (!isLeaseLost(error)) {
        const delay = this.delayOf(error, job.attempts);
        logger.info({ task: job.task_identifier, attempt: job.attempts, seconds: delay / 1000 }, 'job will be retried');
        this.finishLater(this.reschedule(job.id, delay, job.attempts));
      }
    });
    const pool = runTaskList(
      {
        concurrency: this.options.concurrency,
        pollInterval: Math.min(POLL_INTERVAL.longest, Math.max(POLL_INTERVAL.shortest, this.retry.maximumInterval)),
        noHandleSignals: true,
        events,
        logger: graphileLogger(logger),
      },
      Object.fromEntries(
        Object.entries(this.options.tasks).map(([name, task]) => [
          name,
          (payload, helpers) => this.run(task, payload, helpers),
        ]),
      ),
      releasingOnce(this.options.pool),
    );
    this.current = pool;
  }

  /** Ends the workers after their running jobs; the next check launches others. */
  private retire(): void {
    const pool = this.current;
    this.current = undefined;
    if (pool === undefined) return;
    this.finishLater(pool.gracefulShutdown());
  }

  private async run(task: Task, payload: unknown, { job }: JobHelpers): Promise<void> {
    const lost = (): JobsError => new JobsError('jobs.lease-lost', 'the connection that holds the lease was lost');
    const { signal } = this.abort;
    if (!(await this.lease.covers(job.locked_by ?? '', job.id))) throw lost();
    await task(payload, { attempt: job.attempts, signal });
    // Another worker may run the job by now: it must not be marked as done.
    if (signal.aborted && !this.stopping) throw lost();
  }

  /** Milliseconds until a failed job runs again. */
  private delayOf(error: unknown, attempts: number): number {
    if (isPostponed(error)) return Math.min(error.afterMs, this.retry.maximumInterval);
    return delayAfter(this.retry, attempts) ?? 0;
  }

  private async reschedule(jobId: string, afterMs: number, attempts: number): Promise<void> {
    await this.options.pool.query(
      `SELECT graphile_worker.reschedule_jobs(ARRAY[$1::bigint], attempts := $3,
         run_at := now() + make_interval(secs => $2))`,
      [jobId, afterMs / 1000, attempts],
    );
  }

  private onLeaseLost(): void {
    if (this.stopping) return;
    this.abort.abort(new JobsError('jobs.lease-lost', 'the connection that holds the lease was lost'));
    this.abort = new AbortController();
  }

  private finishLater(work: Promise<void>): void {
    const done = work
      .catch((error: unknown) => this.options.logger.warn({ error }, 'lease or workers failed'))
      .finally(() => this.unfinished.delete(done));
    this.unfinished.add(done);
  }
}

function isLeaseLost(error: unknown): boolean {
  return error instanceof JobsError && error.code === 'jobs.lease-lost';
}

function isPostponed(error: unknown): error is JobsError {
  return error instanceof JobsError && error.code === 'jobs.postponed';
}
