import { addJob, type JobContext, LeasedWorker } from '@almagest/jobs';
import { Lease } from '@almagest/jobs/lease';
import { releasingOnce } from '@almagest/jobs/releasing-once';
import { Gate, until } from '@almagest/messaging/testing/waiting';
import { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { InterruptibleProxy } from '../../harness/interruptible-proxy';
import { quiet, TestDatabase } from '../../harness/test-database';

/** The body of a test's job. */
type Work = (name: string, context: JobContext) => void | Promise<void>;

const TASK = 'test/work';

describe('LeasedWorker', () => {
  let database: TestDatabase;
  let service: DataSource;
  let ends: (() => Promise<void>)[];
  /** graphile-worker reports here that one of its workers has died. */
  let workerDeaths: jest.SpyInstance;

  beforeEach(async () => {
    workerDeaths = jest.spyOn(console, 'trace').mockImplementation(() => undefined);
    database = await TestDatabase.create();
    service = await database.open('ingest');
    ends = [];
  });
  afterEach(async () => {
    for (const end of ends.reverse()) await end();
    workerDeaths.mockRestore();
    await database.drop();
  });

  /** Starts a worker with its own connections, like one in another process. */
  async function start(work: Work, { url = database.url, concurrency = 1 } = {}): Promise<LeasedWorker> {
    const pool = new Pool({ connectionString: url, application_name: 'worker-pool' });
    pool.on('error', () => undefined);
    pool.on('connect', (client) => client.on('error', () => undefined));
    const worker = await LeasedWorker.start({
      databaseUrl: url,
      pool,
      concurrency,
      maximumRetryInterval: 50,
      logger: quiet,
      tasks: { [TASK]: async (payload, context) => work((payload as { name: string }).name, context) },
    });
    let stopped: Promise<void> | undefined;
    const stop = worker.stop.bind(worker);
    worker.stop = () => (stopped ??= stop());
    ends.push(() => pool.end());
    ends.push(() => worker.stop());
    return worker;
  }

  /** Opens a proxy to the database; the end of the test closes it. */
  async function startProxy(): Promise<InterruptibleProxy> {
    const proxy = await InterruptibleProxy.to(database.url);
    ends.push(() => proxy.close());
    return proxy;
  }

  async function add(...names: string[]): Promise<void> {
    for (const name of names) {
      await service.transaction((manager) => addJob(manager, { task: TASK, payload: { name }, key: name }));
    }
  }

  interface JobRow {
    key: string;
    attempts: number;
    locked_by: string | null;
  }
  const jobs = (): Promise<JobRow[]> =>
    database.rows<JobRow>(`SELECT key, attempts, locked_by FROM graphile_worker.jobs ORDER BY id`);
  const noneLeft = async (): Promise<boolean> => (await jobs()).length === 0;
  /** Skips the back-off of failed jobs. */
  const skipBackOff = (): Promise<object[]> =>
    database.rows(`UPDATE graphile_worker._private_jobs SET run_at = now() WHERE locked_by IS NULL`);

  it('runs every job once, in the order they were added', async () => {
    const ran: string[] = [];
    await start((name, { attempt }) => void ran.push(`${name}, attempt ${attempt}`));
    await add('one', 'two', 'three');
    await until('all have run', noneLeft);
    expect(ran).toEqual(['one, attempt 1', 'two, attempt 1', 'three, attempt 1']);
  });

  it('adds a job only when its transaction commits', async () => {
    const ran: string[] = [];
    await start((name) => void ran.push(name));
    const rolledBack = service.transaction(async (manager) => {
      await addJob(manager, { task: TASK, payload: { name: 'never' }, key: 'never' });
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    await add('committed');
    await until('it has run', async () => ran.length > 0 && (await noneLeft()));
    expect(ran).toEqual(['committed']);
  });

  it('adds no second job with the same key while the first waits or runs', async () => {
    const [begun, proceed] = [new Gate(), new Gate()];
    const ran: string[] = [];
    await add('same', 'same');
    await start(async (name) => {
      ran.push(name);
      begun.open();
      await proceed.opened;
    });
    await begun.opened;
    await add('same');
    proceed.open();
    await until('it has run', noneLeft);
    expect(ran).toEqual(['same']);
  });

  it('distributes jobs over workers and runs none twice', async () => {
    const names = Array.from({ length: 40 }, (_, n) => `job ${n}`);
    const ran: string[] = [];
    const work: Work = (name) => void ran.push(name);
    await Promise.all([start(work, { concurrency: 4 }), start(work, { concurrency: 4 })]);
    await add(...names);
    await until('all have run', noneLeft);
    expect(ran.sort()).toEqual(names.sort());
  });

  it('retries a failed job and counts the attempts', async () => {
    const attempts: number[] = [];
    await start((_, { attempt }) => {
      attempts.push(attempt);
      if (attempt < 3) throw new Error('not yet');
    });
    await add('failing');
    await until('it has succeeded', async () => {
      await skipBackOff();
      return attempts.length === 3;
    });
    await until('it is done', noneLeft);
    expect(attempts).toEqual([1, 2, 3]);
  });

  it('runs the job of a worker whose process died', async () => {
    const proxy = await startProxy();
    const [begun, never] = [new Gate(), new Gate()];
    await start(
      async () => {
        begun.open();
        await never.opened;
      },
      { url: proxy.url },
    );
    await add('orphan');
    await begun.opened;
    proxy.interrupt();
    const attempts: number[] = [];
    await start((_, { attempt }) => void attempts.push(attempt));
    await until('another has run it', () => attempts.length === 1);
    expect(attempts).toEqual([2]);
    never.open();
  });

  it('never takes over the job of a living worker, however long it runs', async () => {
    const [begun, proceed] = [new Gate(), new Gate()];
    const ran: string[] = [];
    await start(async (name) => {
      ran.push(name);
      begun.open();
      await proceed.opened;
    });
    await add('long');
    await begun.opened;
    const [long] = await jobs();
    await service.transaction(async (manager) => {
      await addJob(manager, { task: TASK, payload: { name: 'orphan' }, key: 'orphan' });
      await manager.query(
        `UPDATE graphile_worker._private_jobs SET locked_at = now() - interval '3 hours',
           locked_by = coalesce(locked_by, 'dead-worker')`,
      );
    });
    const other = new Lease({ databaseUrl: database.url, logger: quiet, onLost: () => undefined });
    await other.sweep();
    await other.close();
    expect(await jobs()).toEqual([long, { key: 'orphan', attempts: 0, locked_by: null }]);
    proceed.open();
    await until('both are done', noneLeft);
    expect(ran).toEqual(['long', 'orphan']);
  });

  it('aborts a job when the worker stops, waits for it to end, and releases it for the next worker at once', async () => {
    const [begun, ended] = [new Gate(), new Gate()];
    const reasons: unknown[] = [];
    const stopping = await start(async (_, { signal }) => {
      begun.open();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      reasons.push(signal.reason);
      await ended.opened;
      signal.throwIfAborted();
    });
    await add('interrupted');
    await begun.opened;
    const stopped = stopping.stop();
    await until('it is aborted', () => reasons.length === 1);
    expect(await jobs()).toMatchObject([{ key: 'interrupted' }]);
    ended.open();
    await stopped;
    expect(reasons).toMatchObject([{ code: 'jobs.shutting-down' }]);
    const attempts: number[] = [];
    await start((_, { attempt }) => void attempts.push(attempt));
    await until('the next worker has run it', noneLeft);
    expect(attempts).toEqual([1]);
  });

  it('aborts a job when the lease is lost, and ignores its success', async () => {
    const begun: Gate[] = [new Gate(), new Gate()];
    const proceed = new Gate();
    const reasons: unknown[] = [];
    const attempts: number[] = [];
    await start(async (_, { attempt, signal }) => {
      attempts.push(attempt);
      begun[attempts.length - 1]?.open();
      signal.addEventListener('abort', () => reasons.push(signal.reason));
      if (attempt === 1) await proceed.opened;
    });
    await add('doubtful');
    await begun[0]?.opened;
    expect(await database.cut('almagest-lease')).toBe(1);
    await until('it is aborted', () => reasons.length === 1);
    proceed.open();
    await until('it has run again', async () => {
      await skipBackOff();
      return attempts.length === 2;
    });
    await until('it is done', noneLeft);
    expect(reasons).toMatchObject([{ code: 'jobs.lease-lost' }]);
    expect(attempts).toEqual([1, 2]);
  });

  it('recovers when the database is unavailable at the end of a job', async () => {
    const proxy = await startProxy();
    const [begun, proceed] = [new Gate(), new Gate()];
    const attempts: number[] = [];
    await start(
      async (_, { attempt }) => {
        attempts.push(attempt);
        begun.open();
        await proceed.opened;
      },
      { url: proxy.url },
    );
    await add('unlucky');
    await begun.opened;
    proxy.interrupt();
    proceed.open();
    await until('graphile-worker has given up its worker', () => workerDeaths.mock.calls.length > 0);
    proxy.resume();
    await until('a new worker has run it again', noneLeft);
    expect(attempts).toEqual([1, 2]);
  });

  it('may release a client of its pool twice, as graphile-worker does', async () => {
    const pool = new Pool({ connectionString: database.url, max: 1 });
    ends.push(() => pool.end());
    const release = await new Promise<() => void>((resolve, reject) => {
      releasingOnce(pool).connect((error, _client, done) => (error === undefined ? resolve(done) : reject(error)));
    });
    release();
    release();
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    expect(pool.idleCount).toBe(1);
  });

  it('closes its connections when it stops', async () => {
    const worker = await start(() => undefined);
    await until('it holds its lease', async () => (await database.connections()).includes('almagest-lease'));
    await worker.stop();
    await until('the server knows', async () => !(await database.connections()).includes('almagest-lease'));
  });
});
