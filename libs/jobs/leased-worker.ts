import { EventEmitter } from 'node:events';
import type { Logger } from '@almagest/platform';
import {
  Logger as GraphileLogger,
  type JobHelpers,
  runTaskList,
  type WorkerEvents,
  type WorkerPool,
} from 'graphile-worker';
import type { Pool } from 'pg';
import { JobsError } from './jobs.error';
import { Lease } from './lease';

/** What a running job is told. */
export interface JobContext {
  /** 1 on the first run; every failure and every crash counts, a shutdown does not. */
  attempt: number;
  /** Aborted when the process shuts down or the lease is lost; the job ends as soon as it can and runs again later. */
  signal: AbortSignal;
}

/**
 * A piece of work. It is run again after any error: after a while that grows with the attempts, or after the seconds
 * of a JobsError `jobs.postponed`.
 */
export type Task = (payload: unknown, context: JobContext) => Promise<void>;

export interface LeasedWorkerOptions {
  databaseUrl: string;
  pool: Pool;
  tasks: Record<string, Task>;
  concurrency: number;
  logger: Logger;
}

/** How often this process looks after its workers and for those that died elsewhere, in ms. */
const TEND_EVERY = 2_000;

/**
 * Runs jobs under a lease (`Lease`): those of a process that died are taken up again within seconds (graphile-worker
 * alone waits four hours), those of a living one never are.
 */
export class LeasedWorker {
  private readonly lease: Lease;
  private abort = new AbortController();
  private current: WorkerPool | undefined;
  /** What `stop` waits for: replaced worker pools with jobs in hand, jobs on their way back to the queue. */
  private readonly unfinished = new Set<Promise<void>>();
  private tending: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private stopping = false;

  private constructor(private readonly options: LeasedWorkerOptions) {
    const { databaseUrl, logger } = options;
    this.lease = new Lease({ databaseUrl, logger, onLost: () => this.onLeaseLost() });
  }

  static async start(options: LeasedWorkerOptions): Promise<LeasedWorker> {
    const worker = new LeasedWorker(options);
    await worker.tend();
    worker.tendLater();
    return worker;
  }

  /** Finishes or gives back what is running, then returns. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    await this.tending;
    this.abort.abort(new JobsError('jobs.shutting-down', 'the worker is shutting down'));
    this.retire();
    while (this.unfinished.size > 0) await Promise.all(this.unfinished);
    await this.lease.close();
  }

  private tendLater(): void {
    this.timer = setTimeout(() => {
      this.tending = this.tend()
        .catch((error: unknown) => this.options.logger.warn({ error }, 'workers not looked after'))
        .finally(() => {
          if (!this.stopping) this.tendLater();
        });
    }, TEND_EVERY);
  }

  private async tend(): Promise<void> {
    await this.lease.sweep();
    if (this.current === undefined && !this.stopping) this.launch();
  }

  private launch(): void {
    const events = new EventEmitter() as WorkerEvents;
    events.on('worker:create', ({ worker }) => this.finishLater(this.lease.hold(worker.workerId)));
    events.on('worker:stop', ({ worker, error }) => {
      this.finishLater(this.lease.letGo(worker.workerId));
      // It could not say what became of its job and ended for good; graphile-worker leaves its place empty.
      if (error !== undefined && this.current === pool) this.retire();
    });
    events.on('job:complete', ({ job, error }) => {
      // A job that a shutdown cut short has not failed: it runs again at once, elsewhere or after the restart.
      if (this.stopping && error) this.finishLater(this.reschedule(job.id, 0, job.attempts - 1));
      else if (isPostponed(error)) this.finishLater(this.reschedule(job.id, error.afterSeconds, job.attempts));
    });
    const pool = runTaskList(
      {
        concurrency: this.options.concurrency,
        pollInterval: 1_000,
        noHandleSignals: true,
        events,
        logger: this.graphileLogger(),
      },
      Object.fromEntries(
        Object.entries(this.options.tasks).map(([name, task]) => [
          name,
          (payload, helpers) => this.run(task, payload, helpers),
        ]),
      ),
      this.options.pool,
    );
    this.current = pool;
  }

  /** Lets the workers end after the jobs in hand; others are launched when they are next looked after. */
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
    // Another worker may have the job by now; to call it done would take it from that one.
    if (signal.aborted && !this.stopping) throw lost();
  }

  private async reschedule(jobId: string, seconds: number, attempts: number): Promise<void> {
    await this.options.pool.query(
      `SELECT graphile_worker.reschedule_jobs(ARRAY[$1::bigint], attempts := $3,
         run_at := now() + make_interval(secs => $2))`,
      [jobId, seconds, attempts],
    );
  }

  private onLeaseLost(): void {
    if (this.stopping) return;
    this.abort.abort(new JobsError('jobs.lease-lost', 'the connection that holds the lease was lost'));
    this.abort = new AbortController();
  }

  private finishLater(work: Promise<void>): void {
    const done = work
      .catch((error: unknown) => this.options.logger.warn({ error }, 'lease or workers in trouble'))
      .finally(() => this.unfinished.delete(done));
    this.unfinished.add(done);
  }

  private graphileLogger(): GraphileLogger {
    return new GraphileLogger(() => (level, message) => {
      if (String(level) === 'error') this.options.logger.warn({ source: 'graphile-worker' }, message);
      else this.options.logger.debug({ source: 'graphile-worker' }, message);
    });
  }
}

function isPostponed(error: unknown): error is JobsError {
  return error instanceof JobsError && error.code === 'jobs.postponed';
}
