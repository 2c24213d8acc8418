import type { Logger } from '@almagest/platform';
import { Client } from 'pg';
import { JobsError } from './jobs.error';

/** A job locked this recently may belong to a worker that is still taking its lease, in s. */
const GRACE = 2;

/**
 * Proof that this process is alive: a connection that holds a session advisory lock for each of its workers, named after
 * the worker's id. PostgreSQL releases the locks as soon as the process dies; then any other process gives the jobs of
 * these workers back to the queue. After the connection is lost, the next use reconnects and takes every lock again.
 */
export class Lease {
  private client: Client | undefined;
  private readonly workers = new Set<string>();
  private readonly held = new Set<string>();
  /** Queries run one at a time, because they share the connection. */
  private turn: Promise<unknown> = Promise.resolve();
  private closed = false;

  constructor(private readonly options: { databaseUrl: string; logger: Logger; onLost: () => void }) {}

  /** Acquires the lock of a worker, and holds it until `release`. */
  async acquire(worker: string): Promise<void> {
    this.workers.add(worker);
    await this.inTurn((client) => this.lock(client, worker));
  }

  /** Releases the lock of a worker that has ended: a job that it did not give back becomes free too. */
  async release(worker: string): Promise<void> {
    this.workers.delete(worker);
    await this.inTurn(async (client) => {
      if (this.held.delete(worker)) await client.query(UNLOCK, [lockName(worker)]);
    });
  }

  /** Returns true when the job still belongs to its worker, and nobody can take it while the lease lasts. */
  async covers(worker: string, jobId: string): Promise<boolean> {
    if (this.held.has(worker)) return true;
    await this.acquire(worker);
    const { rowCount } = await this.inTurn((client) =>
      client.query(`SELECT 1 FROM graphile_worker.jobs WHERE id = $1 AND locked_by = $2`, [jobId, worker]),
    );
    return rowCount === 1;
  }

  /** Gives the jobs of dead workers back to the queue. */
  async sweep(): Promise<void> {
    await this.inTurn(async (client) => {
      const { rows } = await client.query<{ worker: string }>(
        `SELECT DISTINCT locked_by AS worker FROM graphile_worker.jobs
          WHERE locked_by IS NOT NULL AND locked_at < now() - make_interval(secs => $1)`,
        [GRACE],
      );
      for (const { worker } of rows) if (!this.workers.has(worker)) await this.freeIfDead(client, worker);
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.turn;
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  private async freeIfDead(client: Client, worker: string): Promise<void> {
    const { rows } = await client.query<{ dead: boolean }>(
      `SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS dead`,
      [lockName(worker)],
    );
    if (rows[0]?.dead !== true) return;
    await client.query(`SELECT graphile_worker.force_unlock_workers(ARRAY[$1::text])`, [worker]);
    await client.query(UNLOCK, [lockName(worker)]);
    this.options.logger.info({ worker }, 'released the jobs of a dead worker');
  }

  private async lock(client: Client, worker: string): Promise<void> {
    if (this.held.has(worker)) return;
    await client.query(`SELECT pg_advisory_lock(hashtextextended($1, 0))`, [lockName(worker)]);
    this.held.add(worker);
  }

  private async inTurn<T>(work: (client: Client) => Promise<T>): Promise<T> {
    if (this.closed) throw new JobsError('jobs.shutting-down', 'the lease is closed');
    const result = this.turn.then(async () => work(this.client ?? (await this.connect())));
    this.turn = result.catch(() => undefined);
    return result;
  }

  private async connect(): Promise<Client> {
    const client = new Client({
      connectionString: this.options.databaseUrl,
      application_name: 'almagest-lease',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      // The server detects a machine that died silently in half a minute, not in two hours.
      options: '-c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3',
    });
    client.on('error', () => {
      client.end().catch(() => undefined);
      if (this.client !== client) return;
      this.client = undefined;
      this.held.clear();
      this.options.onLost();
    });
    await client.connect();
    this.client = client;
    for (const worker of this.workers) await this.lock(client, worker);
    return client;
  }
}

const UNLOCK = `SELECT pg_advisory_unlock(hashtextextended($1, 0))`;

function lockName(worker: string): string {
  return `almagest.worker.${worker}`;
}
