import { randomUUID } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { searchJobFolder } from '@almagest/contracts';
import { MIN_CHUNK_SIZE } from '@almagest/object-store';
import { DaliParameters } from '../../../apps/search/tap/dali-parameters';
import { SpoolFile } from '../../../apps/search/uploads/spool-file';
import { waitFor } from '../../harness/wait-for';
import { ANONYMOUS, JobsFixture, OWNER } from './jobs.fixture';

const SHORT = "SELECT table_name FROM TAP_SCHEMA.tables WHERE table_name = 'ivoa.obscore'";
/** Some hundred million combinations of columns. */
const LONG = `SELECT count(*) AS n FROM TAP_SCHEMA.columns AS a, TAP_SCHEMA.columns AS b, TAP_SCHEMA.columns AS c,
  TAP_SCHEMA.columns AS d WHERE a.description < b.description AND c.description < d.description`;
const LARGE = 'SELECT a.description AS x, b.description AS y FROM TAP_SCHEMA.columns AS a, TAP_SCHEMA.columns AS b';
const never = new AbortController().signal;

describe('asynchronous queries', () => {
  let fixture: JobsFixture;

  beforeEach(async () => {
    fixture = await JobsFixture.create();
  });
  afterEach(() => fixture.close());

  const resultOf = async (id: string): Promise<string> =>
    text(await fixture.store.read((await fixture.jobs.find(id, ANONYMOUS)).result?.key ?? ''));
  const phaseOf = async (id: string): Promise<string> => (await fixture.jobs.find(id, ANONYMOUS)).phase;
  const executing = (id: string): Promise<void> =>
    waitFor('the query to run', async () => (await phaseOf(id)) === 'EXECUTING').then(() => undefined);

  it('wait to be started, run, and have their result stored once', async () => {
    await fixture.run();
    const id = await fixture.create({ QUERY: 'SELECT nothing FROM nowhere', FORMAT: 'csv', RUNID: 'r1', OTHER: 'x' });
    expect(await phaseOf(id)).toBe('PENDING');
    await fixture.jobs.setParameters(id, ANONYMOUS, DaliParameters.from([['QUERY', SHORT]]));
    await fixture.jobs.start(id, ANONYMOUS);
    await fixture.jobs.start(id, ANONYMOUS).catch(() => undefined);
    const { phase, result, run_id: runId, parameters } = await fixture.ended(id);
    expect([phase, runId, result?.mediaType]).toEqual(['COMPLETED', 'r1', 'text/csv;header=present']);
    expect(Object.fromEntries(parameters)).toEqual({ QUERY: SHORT, FORMAT: 'csv', RUNID: 'r1' });
    expect(await resultOf(id)).toBe('table_name\r\nivoa.obscore\r\n');
    expect(await fixture.keys()).toEqual([result?.key]);
    await expect(fixture.jobs.start(id, ANONYMOUS)).rejects.toMatchObject({ code: 'search.job-phase' });
    await fixture.jobs.abort(id, ANONYMOUS);
    expect(await phaseOf(id)).toBe('COMPLETED');
    await fixture.jobs.remove(id, ANONYMOUS);
    await expect(phaseOf(id)).rejects.toMatchObject({ code: 'search.job-not-found' });
    expect(await fixture.keys()).toEqual([]);
  });

  it('fail with the message that a synchronous query has', async () => {
    await fixture.run();
    const wrong = await fixture.create({ QUERY: 'SELECT nothing FROM ivoa.obscore', PHASE: 'RUN' });
    const language = await fixture.create({ QUERY: SHORT, LANG: 'OOBLECK', PHASE: 'RUN' });
    const large = await fixture.create({ QUERY: LARGE, PHASE: 'RUN' });
    const slow = await fixture.create({ QUERY: LONG });
    await fixture.jobs.setDuration(slow, ANONYMOUS, 1);
    await fixture.jobs.start(slow, ANONYMOUS);
    const messages = await Promise.all([wrong, language, large, slow].map(async (id) => fixture.ended(id)));
    expect(messages.map(({ phase, error }) => [phase, error?.type, error?.message])).toEqual([
      ['ERROR', 'fatal', expect.stringContaining('nothing')],
      ['ERROR', 'fatal', expect.stringContaining("LANG is 'OOBLECK'")],
      ['ERROR', 'fatal', expect.stringContaining('more than 1 MB')],
      ['ERROR', 'fatal', expect.stringContaining('1 s')],
    ]);
    expect(await fixture.keys()).toEqual([]);
  });

  it('end in the database when they are aborted or deleted', async () => {
    await fixture.run();
    const running = (): Promise<object[]> =>
      fixture.db.rows(
        `SELECT 1 FROM pg_stat_activity WHERE application_name = 'almagest-search-queries' AND state = 'active'`,
      );
    for (const end of ['abort', 'remove'] as const) {
      const id = await fixture.create({ QUERY: LONG, PHASE: 'RUN' });
      await executing(id);
      await waitFor('the query to run', async () => (await running()).length > 0);
      await fixture.jobs[end](id, ANONYMOUS);
      await waitFor('the query to end', async () => (await running()).length === 0);
    }
    await waitFor('the row to go', async () => {
      await fixture.sweep.expire(never);
      return (await fixture.db.rows('SELECT 1 FROM search.job')).length === 1;
    });
    expect(await fixture.keys()).toEqual([]);
  });

  it('run again after a run that died, whose result is never visible', async () => {
    const id = await fixture.create({ QUERY: SHORT, FORMAT: 'csv', PHASE: 'RUN' });
    const ticket = randomUUID();
    const died = await fixture.repository.claim(ticket);
    const folder = searchJobFolder(id);
    await fixture.store.put(`${folder}/result-${died?.run}`, Buffer.from('half'));
    await fixture.store.startUpload(`${folder}/result-${randomUUID()}`, MIN_CHUNK_SIZE);
    expect(await phaseOf(id)).toBe('EXECUTING');
    await fixture.execution.run(ticket, never);
    expect(await resultOf(id)).toBe('table_name\r\nivoa.obscore\r\n');
    expect(await fixture.keys()).toHaveLength(1);
    // The run that was taken for dead comes late.
    const late = { key: `${folder}/result-${died?.run}`, size: 4, sha256: '', mediaType: 'text/csv' };
    expect(await fixture.repository.settle({ id, run: died?.run ?? null }, { result: late })).toBe(false);
    expect(await resultOf(id)).toContain('ivoa.obscore');
  });

  it('are given up when every run ends with the death of its process', async () => {
    const id = await fixture.create({ QUERY: SHORT, PHASE: 'RUN' });
    const ticket = randomUUID();
    for (let runs = 0; runs < 5; runs++) await fixture.repository.claim(ticket);
    await fixture.execution.run(ticket, never);
    expect(await fixture.ended(id)).toMatchObject({ phase: 'ERROR', error: { type: 'fatal' } });
  });

  it('keep the tables that came with them until they are deleted', async () => {
    await fixture.run();
    const content = await SpoolFile.create();
    await content.append(Buffer.from('n\n3\n4\n'));
    const pairs = Object.entries({
      UPLOAD: 'mine,param:t',
      QUERY: 'SELECT sum(n) AS s FROM TAP_UPLOAD.mine',
      FORMAT: 'csv',
    });
    const parameters = DaliParameters.from(pairs, new Map([['t', { mediaType: 'text/csv', content }]]));
    const id = await fixture.jobs.create(parameters, ANONYMOUS);
    await parameters.close();
    await fixture.jobs.start(id, ANONYMOUS);
    expect((await fixture.ended(id)).error).toBeNull();
    expect(await resultOf(id)).toBe('s\r\n7\r\n');
    expect(await fixture.keys()).toHaveLength(2);
    await fixture.jobs.remove(id, ANONYMOUS);
    expect(await fixture.keys()).toEqual([]);
  });

  it('take turns between callers, and are limited in number', async () => {
    const other = { owner: null, id: 'address:192.0.2.2' };
    const many: string[] = [];
    for (let count = 0; count < 5; count++) many.push(await fixture.create({ QUERY: SHORT, PHASE: 'RUN' }));
    await expect(fixture.create({ QUERY: SHORT })).rejects.toMatchObject({ code: 'search.too-many-jobs' });
    const one = await fixture.create({ QUERY: SHORT, PHASE: 'RUN' }, other);
    const order = [await fixture.repository.claim(randomUUID()), await fixture.repository.claim(randomUUID())];
    expect(order.map((job) => job?.id)).toEqual([many[0], one]);
  });

  it('belong to their owner, who alone sees them; an anonymous one is listed to nobody', async () => {
    const all = { phases: [], after: null, last: null };
    const first = await fixture.create({ QUERY: SHORT }, OWNER);
    const { created_at: after } = await fixture.jobs.find(first, OWNER);
    await waitFor('the next millisecond', () => Promise.resolve(Date.now() > after.getTime()));
    const second = await fixture.create({ QUERY: SHORT, PHASE: 'RUN' }, OWNER);
    await fixture.create({ QUERY: SHORT });
    const listed = async (filter: object, caller = OWNER): Promise<string[]> =>
      (await fixture.jobs.list(caller, { ...all, ...filter })).map(({ id }) => id);
    expect(await listed({})).toEqual([second, first]);
    expect(await listed({ last: 1 })).toEqual([second]);
    expect(await listed({ phases: ['PENDING', 'HELD'] })).toEqual([first]);
    expect(await listed({ after })).toEqual([second]);
    expect(await listed({ after: new Date() })).toEqual([]);
    expect(await listed({}, ANONYMOUS)).toEqual([]);
    const others = [ANONYMOUS, { owner: 'person:acannon', id: 'person:acannon' }];
    for (const caller of others) {
      const nothing = { code: 'search.job-not-found' };
      await expect(fixture.jobs.find(first, caller)).rejects.toMatchObject(nothing);
      await expect(fixture.jobs.remove(first, caller)).rejects.toMatchObject(nothing);
      await expect(fixture.jobs.abort(first, caller)).rejects.toMatchObject(nothing);
    }
    await expect(fixture.jobs.find('1', OWNER)).rejects.toMatchObject({ code: 'search.job-not-found' });
  });

  it('are waited for without polling, until they change or the time is over', async () => {
    const id = await fixture.create({ QUERY: SHORT });
    const wait = (seconds: number, phase: string | null = null): Promise<string> =>
      fixture.jobs.whenChanged(id, ANONYMOUS, { seconds, phase }, never).then((job) => job.phase);
    expect(await Promise.all([wait(0), wait(-1, 'QUEUED'), wait(-1, 'HELD')])).toEqual([
      'PENDING',
      'PENDING',
      'PENDING',
    ]);
    const waiting = [wait(-1, 'PENDING'), wait(-1, 'PENDING')];
    await phaseOf(id);
    // As another process would do it.
    await fixture.source.query(`UPDATE search.job SET phase = 'QUEUED' WHERE id = $1`, [id]);
    expect(await Promise.all(waiting)).toEqual(['QUEUED', 'QUEUED']);
    const afterwards = wait(-1, 'QUEUED');
    await phaseOf(id);
    await fixture.db.cut('almagest-search-jobs');
    await fixture.source.query(`UPDATE search.job SET phase = 'ABORTED' WHERE id = $1`, [id]);
    expect(await afterwards).toBe('ABORTED');
    expect(await wait(-1)).toBe('ABORTED');
  });

  it('are archived at their destruction time, and their objects deleted', async () => {
    await fixture.run();
    const id = await fixture.create({ QUERY: SHORT, PHASE: 'RUN' });
    await fixture.ended(id);
    const far = new Date(Date.now() + 1000 * 24 * 3600 * 1000);
    await fixture.jobs.setDestruction(id, ANONYMOUS, far);
    expect((await fixture.jobs.find(id, ANONYMOUS)).destruction.getTime()).toBeLessThan(far.getTime());
    await fixture.sweep.expire(never);
    expect(await phaseOf(id)).toBe('COMPLETED');
    await fixture.jobs.setDestruction(id, ANONYMOUS, new Date());
    await fixture.sweep.expire(never);
    expect(await fixture.jobs.find(id, ANONYMOUS)).toMatchObject({
      phase: 'ARCHIVED',
      result: null,
      has_objects: false,
    });
    expect(await fixture.keys()).toEqual([]);
    await fixture.source.query(`UPDATE search.job SET destruction = now() - interval '31 days'`);
    await fixture.sweep.expire(never);
    expect(await fixture.db.rows('SELECT 1 FROM search.job')).toEqual([]);
  });

  it('leave nothing in the store, and the sweep deletes nothing else', async () => {
    await fixture.run();
    const id = await fixture.create({ QUERY: SHORT, PHASE: 'RUN' });
    const { result } = await fixture.ended(id);
    const orphans = [`${searchJobFolder(randomUUID())}/upload-1`, `${searchJobFolder(id)}/result-${randomUUID()}`];
    const others = ['search/jobs/notes/result-1', '2013.1.09999.S/notes.txt'];
    const young = `${searchJobFolder(randomUUID())}/upload-2`;
    for (const key of [...orphans, ...others, young]) await fixture.store.put(key, Buffer.from('x'));
    const long = new Date(Date.now() - 25 * 3600 * 1000);
    for (const key of [...orphans, ...others, result?.key ?? ''])
      await utimes(join(fixture.directory, key), long, long);
    await fixture.sweep.removeOrphans(new Date(), never);
    expect((await fixture.keys()).sort()).toEqual([...others, young, result?.key].sort());
  });
});
