import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@almagest/platform';
import { Logger as GraphileLogger, run, type Runner, type WorkerEvents } from 'graphile-worker';
import { Client, type Pool } from 'pg';
import { JobsError } from './jobs.error';

/** What a running job is told. */
export interface JobContext {
  /** 1 on the first run; every failure and every crash counts. */
  attempt: number;
  /** Aborted when the process shuts down or the lease is lost; the job ends as soon as it can and runs again later. */
  signal: AbortSignal;
}

export type Task = (payload: unknown, context: JobContext) => Promise<void>;

export interface LeasedWorkerOptions {
  databaseUrl: string;
  pool: Pool;
  tasks: Record<string, Task>;
  concurrency: number;
  logger: Logger;
}

/** How often the leases of other workers are looked at, in ms. */
const SWEEP_EVERY = 2_000;
/** How long after a worker's end another takes its place, in ms. */
const REPLACE_AFTER = 1_000;
/** A job locked this recently may belong to a worker that is just taking its lease, in s. */
const LEASE_GRACE = 2;

/**
 * Runs jobs under a lease. Each worker holds a session advisory lock named by its id for as long as its process
 * lives; PostgreSQL frees it the moment the process dies. Every worker process sweeps the jobs whose worker's lock is
 * free and gives them back to the queue, within seconds of a crash (graphile-worker alone waits four hours).
 */
export class LeasedWorker {
  private abort = new AbortController();
  private readonly names = new Set<string>();
  private lease: Client | undefined;
  private readonly runners = new Set<Runner>();
  private sweeper: NodeJS.Timeout | undefined;
  private stopping = false;

  private constructor(private readonly options: LeasedWorkerOptions) {}

  static async start(options: LeasedWorkerOptions): Promise<LeasedWorker> {
    const worker = new LeasedWorker(options);
    await worker.begin();
    return worker;
  }

  /** Finishes or gives back what is running, then returns. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.sweeper);
    this.abort.abort(new JobsError('jobs.shutting-down', 'the worker is shutting down'));
    for (const runner of this.runners) {
      await runner.stop().catch((error: unknown) => this.options.logger.warn({ error }, 'worker stop failed'));
    }
    await this.lease?.end().catch(() => undefined);
  }

  private async begin(): Promise<void> {
    await this.connectLease();
    await this.sweep();
    await this.startWorkers(this.options.concurrency);
    this.scheduleSweep();
  }

  private async startWorkers(count: number): Promise<void> {
    const events = new EventEmitter() as WorkerEvents;
    let alive = 0;
    events.on('worker:create', ({ worker }) => {
      alive += 1;
      void this.hold(worker.workerId);
    });
    events.on('worker:stop', ({ worker }) => {
      alive -= 1;
      if (!this.stopping) void this.replace(worker.workerId, alive === 0 ? runner : undefined);
    });
    const runner = await run({
      pgPool: this.options.pool,
      concurrency: count,
      pollInterval: 1_000,
      noHandleSignals: true,
      // Without this a file named crontab in the current directory would be read.
      parsedCronItems: [],
      events,
      logger: this.graphileLogger(),
      taskList: Object.fromEntries(
        Object.entries(this.options.tasks).map(([name, task]) => [
          name,
          (payload, { job }) => task(payload, { attempt: job.attempts, signal: this.abort.signal }),
        ]),
      ),
    });
    this.runners.add(runner);
  }

  /**
   * graphile-worker ends a worker that could not say how its job went (the database was away) and never starts another
   * in its place. Its lock is given up, so that a sweep gives the job back, and a new worker takes over.
   */
  private async replace(workerId: string, finished: Runner | undefined): Promise<void> {
    this.names.delete(workerId);
    try {
      if (finished !== undefined && this.runners.delete(finished)) await finished.stop();
      await this.lease?.query(`SELECT pg_advisory_unlock(hashtextextended($1, 0))`, [lockName(workerId)]);
    } catch (error) {
      this.options.logger.warn({ error }, 'a worker ended uncleanly');
    }
    for (let started = false; !started && !this.stopping;) {
      await delay(REPLACE_AFTER);
      started = await this.startWorkers(1).then(
        () => true,
        (error: unknown) => {
          this.options.logger.warn({ error }, 'no worker in place of an ended one yet');
          return false;
        },
      );
    }
  }

  /** A lost lease connection would let others take our jobs: retake every lock at once. */
  private async connectLease(): Promise<void> {
    const client = new Client({ connectionString: this.options.databaseUrl, application_name: 'almagest-lease' });
    client.on('error', () => {
      client.end().catch(() => undefined);
      if (this.lease !== client) return;
      this.lease = undefined;
      this.abort.abort(new JobsError('jobs.lease-lost', 'the connection that holds the lease was lost'));
      this.abort = new AbortController();
    });
    await client.connect();
    this.lease = client;
    for (const name of this.names) await this.hold(name);
  }

  private async hold(workerId: string): Promise<void> {
    this.names.add(workerId);
    await this.lease
      ?.query(`SELECT pg_advisory_lock(hashtextextended($1, 0))`, [lockName(workerId)])
      .catch((error: unknown) => this.options.logger.warn({ error }, 'lease not taken'));
  }

  private scheduleSweep(): void {
    this.sweeper = setTimeout(() => {
      void this.sweep()
        .catch((error: unknown) => this.options.logger.warn({ error }, 'sweep of dead workers failed'))
        .finally(() => {
          if (!this.stopping) this.scheduleSweep();
        });
    }, SWEEP_EVERY);
  }

  /** Gives the jobs of dead workers back to the queue. */
  private async sweep(): Promise<void> {
    if (this.lease === undefined) await this.connectLease();
    const lease = this.lease;
    if (lease === undefined) return;
    const { rows } = await lease.query<{ id: string }>(
      `SELECT DISTINCT locked_by AS id FROM graphile_worker.jobs
        WHERE locked_by IS NOT NULL AND locked_at < now() - make_interval(secs => $1)`,
      [LEASE_GRACE],
    );
    for (const { id } of rows.filter((row) => !this.names.has(row.id))) {
      const { rows: taken } = await lease.query<{ dead: boolean }>(
        `SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS dead`,
        [lockName(id)],
      );
      if (taken[0]?.dead !== true) continue;
      await lease.query(`SELECT graphile_worker.force_unlock_workers(ARRAY[$1::text])`, [id]);
      await lease.query(`SELECT pg_advisory_unlock(hashtextextended($1, 0))`, [lockName(id)]);
      this.options.logger.info({ worker: id }, 'jobs of a dead worker given back');
    }
  }

  private graphileLogger(): GraphileLogger {
    return new GraphileLogger(() => (level, message) => {
      if (String(level) === 'error') this.options.logger.warn({ source: 'graphile-worker' }, message);
      else this.options.logger.debug({ source: 'graphile-worker' }, message);
    });
  }
}

function lockName(workerId: string): string {
  return `almagest.worker.${workerId}`;
}
