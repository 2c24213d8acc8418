import { type DataOf, qa2ResultPosted, type Qa2Status, qa2StatusSchema } from '@almagest/contracts';
import { type BusMessage, makeMessage, PostgresBusPublisher } from '@almagest/messaging';
import type { Uid } from '@almagest/ous';
import { Pool } from 'pg';
import { z } from 'zod';
import { Archive } from './harness/archive';
import { type CommandEnd, CommandLine } from './harness/command-line';
import { memberResult } from './harness/posting';
import { newProject } from './harness/project';
import { waitFor } from '../harness/wait-for';

const lettersSchema = z.array(
  z.object({
    id: z.string(),
    service: z.string(),
    state: z.string(),
    reason: z.string(),
    message: z.unknown().optional(),
  }),
);
type Letter = z.infer<typeof lettersSchema>[number];

describe('almagest dead-letters', () => {
  let archive: Archive;
  let pool: Pool;
  let bus: PostgresBusPublisher;

  beforeAll(async () => {
    archive = await Archive.start();
    pool = new Pool({ connectionString: await archive.databaseUrl(), max: 4 });
    bus = new PostgresBusPublisher(pool);
  });
  afterAll(async () => {
    await bus.close();
    await pool.end();
    await archive.remove();
  });

  async function run(...args: string[]): Promise<CommandEnd> {
    return CommandLine.run('dead-letters', ...args, '--home', archive.home);
  }

  /** Returns the dead letters that a command prints as JSON Lines, or as a page. */
  async function letters(...args: string[]): Promise<Letter[]> {
    const { exitCode, stdout, stderr } = await run(...args, '--json');
    expect([exitCode, stderr]).toEqual([0, '']);
    if (args[0] === 'list') return z.object({ items: lettersSchema }).parse(JSON.parse(stdout)).items;
    return lettersSchema.parse(
      stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as unknown])),
    );
  }

  function messageOf(group: Uid, data: unknown): BusMessage {
    const about = { key: group, subject: group, source: '/observatory/pipeline' };
    return makeMessage(qa2ResultPosted, about, data as DataOf<typeof qa2ResultPosted>);
  }

  /** Publishes a message that no service can handle, and returns the number of its dead letter. */
  async function bury(): Promise<string> {
    const message = messageOf(newProject('12m').group, { no: 'result' });
    await bus.publish([message]);
    return waitFor('the dead letter', async () => (await numbersOf(message))[0]);
  }

  async function numbersOf(message: BusMessage): Promise<string[]> {
    const { rows } = await pool.query<{ id: string }>(
      `SELECT id FROM bus.dead_letter WHERE message ->> 'id' = $1 ORDER BY id`,
      [message.id],
    );
    return rows.map(({ id }) => id);
  }

  async function recorded(ous: Uid): Promise<Qa2Status[]> {
    return archive.client.all(`/qa2-results?ous=${encodeURIComponent(ous)}`, qa2StatusSchema);
  }

  it('lists and shows them with the reason', async () => {
    const id = await bury();
    const found = (await letters('list')).find((letter) => letter.id === id);
    expect(found).toMatchObject({ service: 'intake', state: 'waiting' });
    expect(found?.reason).toContain('/project');
    const table = await run('list');
    expect(table.exitCode).toBe(0);
    expect(table.stdout).toMatch(new RegExp(`^${id} .*intake +Qa2ResultPosted +uid://\\S+ +waiting`, 'm'));
    const shown = await run('show', id);
    expect(shown.exitCode).toBe(0);
    expect(shown.stdout).toContain('"no": "result"');
    const whole: unknown = JSON.parse((await run('show', id, '--json')).stdout);
    expect(whole).toMatchObject({ id, message: { data: { no: 'result' } } });
  });

  it('lists them page by page, optionally for one service', async () => {
    for (let i = 0; i < 3; i++) await bury();
    const all = await letters('list', '--limit', '1000');
    expect(all.length).toBeGreaterThan(2);
    expect(await letters('list', '--service', 'ingest')).toEqual([]);
    const first = await run('list', '--limit', '2');
    expect(first.stdout.trim().split('\n')).toHaveLength(3);
    expect(first.stderr).toContain('there are older ones');
    const page = z.object({ items: lettersSchema, next: z.string().nullable() });
    const one = await archive.client.get('/upkeep/dead-letters?limit=2', page);
    const two = await archive.client.get(`/upkeep/dead-letters?limit=2&cursor=${one.next}`, page);
    expect([...one.items, ...two.items].map(({ id }) => id)).toEqual(all.slice(0, 4).map(({ id }) => id));
  });

  it('replays a message only once, however often the command runs', async () => {
    const project = newProject('12m');
    const [member] = project.members;
    const message = messageOf(project.group, await memberResult(archive.inbox, project, member));
    // A bug of the service made it a dead letter; the bug has been fixed since.
    const { rows } = await pool.query<{ id: string }>(
      `INSERT INTO bus.dead_letter (message, service, reason, attempts) VALUES ($1, 'intake', 'a bug', 12) RETURNING id`,
      [JSON.stringify(message)],
    );
    const id = rows[0]?.id ?? '';
    const [first, second] = await Promise.all([letters('replay', id), letters('replay', id)]);
    expect([...first, ...second]).toMatchObject([{ state: 'replayed' }, { state: 'replayed' }]);
    const [result] = await waitFor('the result', async () => {
      const results = await recorded(member.uid);
      return results.length > 0 && results;
    });
    expect((await archive.client.settled(result?.id ?? '')).state).toBe('notified');
    expect((await letters('replay', id))[0]).toMatchObject({ id, state: 'replayed' });
    expect(await recorded(member.uid)).toHaveLength(1);
    const { rows: queued } = await pool.query(`SELECT 1 FROM bus.queued_message WHERE id = $1`, [`dead-letter/${id}`]);
    expect(queued).toEqual([]);
    expect((await letters('list', '--state', 'replayed')).map((letter) => letter.id)).toContain(id);
    const refused = await run('discard', id);
    expect([refused.exitCode, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain('has already been replayed');
  });

  it('makes a new dead letter when a replayed message fails again', async () => {
    const id = await bury();
    await letters('replay', id);
    const { message } = await archive.client.get(`/upkeep/dead-letters/${id}`, z.object({ message: z.unknown() }));
    const numbers = await waitFor('the new letter', async () => {
      const found = await numbersOf(message as BusMessage);
      return found.length === 2 && found;
    });
    expect(numbers[0]).toBe(id);
    expect((await letters('list')).map((letter) => letter.id)).toContain(numbers[1]);
  });

  it('discards, still shows, and replays discarded letters', async () => {
    const id = await bury();
    expect(await letters('discard', id)).toMatchObject([{ id, state: 'discarded' }]);
    expect((await letters('list')).map((letter) => letter.id)).not.toContain(id);
    expect((await letters('list', '--state', 'discarded')).map((letter) => letter.id)).toContain(id);
    expect(await letters('replay', id)).toMatchObject([{ id, state: 'replayed' }]);
  });

  it('settles all open letters, oldest first', async () => {
    const ids = [await bury(), await bury()];
    const settled = (await letters('discard', '--all', '--service', 'intake')).map(({ id }) => id);
    expect(settled.slice(-2)).toEqual(ids);
    expect(await letters('list')).toEqual([]);
    expect((await run('replay', '--all')).stdout).toBe('No dead letters.\n');
  });

  it('reports an unknown letter and continues with the others', async () => {
    const id = await bury();
    const { exitCode, stdout, stderr } = await run('discard', '999999999', id);
    expect([exitCode, stdout]).toEqual([1, `${id} discarded (intake)\n`]);
    expect(stderr).toContain('999999999: ');
  });

  it.each([
    ['no letter', ['replay']],
    ['both letters and all', ['replay', '1', '--all']],
    ['a service without all', ['discard', '1', '--service', 'intake']],
    ['an invalid number', ['show', 'abc']],
    ['an unknown service', ['list', '--service', 'nobody']],
    ['no verb', []],
  ])('exits with 2 for %s', async (_, args) => {
    const { exitCode, stdout, stderr } = await CommandLine.run('dead-letters', ...args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('dead-letters');
  });

  it('requires the right of an operator', async () => {
    const refused = await archive.client.refusal('/upkeep/dead-letters/1/replay', { method: 'POST', token: null });
    expect(refused.status).toBe(401);
  });
});
