import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { ChangeSignal } from '../../../apps/search/changes/change-signal';
import { ChangesRepository } from '../../../apps/search/changes/changes.repository';
import { ChangesService } from '../../../apps/search/changes/changes.service';
import { ContentRepository } from '../../../apps/search/content/content.repository';
import { changesWaiting } from '../../../apps/search/search.metrics';
import { quiet, TestDatabase } from '../../harness/test-database';
import { waitFor } from '../../harness/wait-for';

const PROJECT = '2013.1.09999.S';
/** Longer than the time limit of a test. */
const HOUR = 3600;
const never = new AbortController().signal;

describe('the changes', () => {
  let db: TestDatabase;
  let source: DataSource;
  let signal: ChangeSignal;
  let changes: ChangesService;
  const repository = new ContentRepository();

  beforeAll(async () => {
    db = await TestDatabase.create();
    source = await db.open('search');
    signal = new ChangeSignal(db.url, 2, quiet);
    changes = new ChangesService(new ChangesRepository(source), signal);
    signal.onApplicationBootstrap();
  });
  afterEach(() => db.pool.query('TRUNCATE search.change'));
  afterAll(async () => {
    await signal.beforeApplicationShutdown();
    await db.drop();
  });

  /** Adds a change in a transaction that runs `before` and `after` it. */
  const add = (revision: number, after = async (): Promise<void> => undefined): Promise<void> =>
    source.transaction(async (manager) => {
      const ous = 'uid://A001/X1/Xa3';
      const change = { kind: 'added', ous, project: PROJECT, revision, delivery_id: randomUUID() } as const;
      await repository.addChanges(manager, [change]);
      await after();
    });
  const ids = async (after: number, limit = 100, wait = 0, gone = never): Promise<number[]> =>
    (await changes.after(after, limit, wait, gone)).map(({ id }) => id);

  it('are numbered without a gap, in the order of their commits', async () => {
    let seen = 0;
    let isOver = false;
    const order: number[] = [];
    const reader = (async (): Promise<void> => {
      while (!isOver) {
        const read = await ids(seen, 3);
        order.push(...read);
        seen = read.at(-1) ?? seen;
      }
    })();
    const fails = async (): Promise<void> => Promise.reject(new Error('rolled back'));
    const adding = Array.from({ length: 30 }, (_, index) =>
      index % 5 === 0
        ? add(index, fails).catch(() => undefined)
        : add(index, async () => {
            await pause(index % 3);
          }),
    );
    await Promise.all(adding);
    await waitFor('all changes to be read', async () => seen === 24);
    isOver = true;
    await reader;
    expect(order).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
  });

  it('wake those who wait, and nobody before the commit', async () => {
    await add(1);
    const waiting = ids(1, 100, HOUR);
    let isOver = false;
    void waiting.finally(() => (isOver = true));
    await add(2, async () => {
      await pause(50);
      expect(isOver).toBe(false);
    });
    expect(await waiting).toEqual([2]);
  });

  it('wake those who wait again after the connection was lost', async () => {
    const waiting = ids(0, 100, HOUR);
    await db.cut('almagest-search-changes');
    await add(1);
    expect(await waiting).toEqual([1]);
  });

  it('let a limited number wait, and end the wait of a client that has gone, and after its time', async () => {
    const gone = new AbortController();
    const waiting = [ids(0, 100, HOUR, gone.signal), ids(0, 100, HOUR, gone.signal)];
    await waitFor('both to wait', async () => (await changesWaiting.get()).values[0]?.value === 2);
    await expect(ids(0, 100, HOUR)).rejects.toMatchObject({ code: 'search.too-many-waiting' });
    gone.abort();
    expect(await Promise.all(waiting)).toEqual([[], []]);
    expect(await ids(0, 100, 1)).toEqual([]);
  });

  it('say that their numbers have begun again', async () => {
    await add(1);
    expect(await ids(1)).toEqual([]);
    await expect(ids(2)).rejects.toMatchObject({ code: 'search.change-unknown', kind: 'gone' });
  });

  it('end every wait when the process stops', async () => {
    const stopped = new ChangeSignal(db.url, 2, quiet);
    stopped.onApplicationBootstrap();
    const waiting = stopped.begin(HOUR, never);
    await stopped.beforeApplicationShutdown();
    await waiting.over;
    waiting.end();
  });
});
