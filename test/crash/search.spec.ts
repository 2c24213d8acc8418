import { setTimeout as pause } from 'node:timers/promises';
import { type Change, changeSchema, type Qa2Result, type Qa2Status, searchRebuildSchema } from '@almagest/contracts';
import type { Failpoint } from '@almagest/platform';
import { Client } from 'pg';
import { Archive } from '../acceptance/harness/archive';
import { memberResult, type PostingOptions } from '../acceptance/harness/posting';
import { type Member, newProject, type Project } from '../acceptance/harness/project';
import { setSearchDay } from '../harness/search-clock';
import { waitFor } from '../harness/wait-for';

const RELEASE_DATE = '2030-06-01';
const LONGEST_PAUSE_MS = 1500;

/** Follows the changes of an archive as a client does, also while the archive is down. */
class Follower {
  readonly seen: Change[] = [];
  private next = '/changes?wait=5';
  private isOver = false;
  private following: Promise<void> = Promise.resolve();

  constructor(private readonly archive: Archive) {}

  start(): void {
    this.following = this.follow();
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.following;
  }

  private async follow(): Promise<void> {
    while (!this.isOver) {
      try {
        const response = await this.archive.client.request(this.next, { token: null });
        const text = await response.text();
        if (response.status !== 200) throw new Error(text);
        this.next = /^<(\S+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1] ?? '';
        const lines = text.split('\n').filter((line) => line !== '');
        this.seen.push(...lines.map((line) => changeSchema.parse(JSON.parse(line))));
      } catch {
        await pause(50);
      }
    }
  }
}

describe('the search of an archive that is killed again and again', () => {
  let archive: Archive;
  let follower: Follower;
  const project = newProject('12m', '7m');
  const [member, other] = project.members as [Member, Member];
  let newest: Qa2Status;

  beforeAll(async () => {
    archive = await Archive.start();
    await today('2030-01-01');
    follower = new Follower(archive);
    follower.start();
  });
  afterAll(async () => {
    await follower?.stop();
    await archive?.remove();
  });

  async function today(day: string): Promise<void> {
    const database = new Client({ connectionString: await archive.databaseUrl() });
    await database.connect();
    await setSearchDay(database, day);
    await database.end();
  }
  const resultOf = async (of: Member, options: PostingOptions): Promise<Qa2Result> => ({
    ...(await memberResult(archive.inbox, project, of, options)),
    releaseDate: RELEASE_DATE,
  });
  /** Returns the rows of an answer as TSV, with the names of the columns first. */
  const table = async (path: string, parameters: Record<string, string>): Promise<string[][]> => {
    const query = new URLSearchParams({ ...parameters, RESPONSEFORMAT: 'tsv' });
    const response = await archive.client.request(`${path}?${query.toString()}`, { token: null });
    const text = await response.text();
    if (response.status !== 200) throw new Error(text);
    const lines = text.replace(/\n$/, '').split('\n');
    return lines.map((line) => line.split('\t'));
  };
  const rows = async (adql: string): Promise<string[][]> => (await table('/tap/sync', { QUERY: adql })).slice(1);
  /** Returns the rights of what TAP and SIA find of a member at the position of its image. */
  const found = async ({ uid }: Member): Promise<{ tap: string[]; sia: string[] }> => {
    const byTap = await rows(
      `SELECT DISTINCT o.data_rights, o.member_ous_uid FROM ivoa.obscore AS o
        WHERE CONTAINS(POINT(150.5, -31.2), s_region) = 1 AND proposal_id = '${project.code}'`,
    );
    const [names = [], ...images] = await table('/sia2/query', { POS: 'CIRCLE 150.5 -31.2 0.0001' });
    const [rights, member] = ['data_rights', 'member_ous_uid'].map((name) => names.indexOf(name)) as [number, number];
    const sia = images.flatMap((row) => (row[member] === uid ? [row[rights] ?? ''] : []));
    const tap = byTap.flatMap(([value = '', ous]) => (ous === uid ? [value] : []));
    return { tap, sia: [...new Set(sia)] };
  };
  /** Returns the name and digest of the image of a member's row. */
  const imageOf = ({ uid }: Member): Promise<string[][]> =>
    rows(`SELECT image_path, image_sha256 FROM ivoa.obscore WHERE member_ous_uid = '${uid}'`);
  const PROPRIETARY = { tap: ['Proprietary'], sia: ['Proprietary'] };
  const PUBLIC = { tap: ['Public'], sia: ['Public'] };
  const NOTHING = { tap: [], sia: [] };
  const changes = (of: Project, { uid }: Member, all: readonly Change[]): string[] =>
    all
      .filter((change) => change.project === of.code && change.ous === uid)
      .map(({ kind, revision, dataRights }) => [kind, revision, dataRights ?? 'none'].join(' '));
  const changesInTable = async ({ uid }: Member): Promise<string[]> =>
    (
      await rows(
        `SELECT kind, revision, data_rights FROM alma.changes WHERE ous_uid = '${uid}'
          AND proposal_id = '${project.code}' ORDER BY change_id`,
      )
    ).map(([kind, revision, rights]) => [kind, revision, rights || 'none'].join(' '));
  /** Waits until the table of changes ends with `last`. */
  const changed = async (of: Member, last: string): Promise<void> => {
    await waitFor(`${last} of ${of.uid}`, async () => (await changesInTable(of)).at(-1) === last);
  };
  /** Runs `work`, which makes the archive kill itself at the failpoint, and starts it again. */
  const killedAt = async (failpoint: Failpoint, work: () => Promise<unknown>): Promise<void> => {
    await archive.arm(failpoint);
    await Promise.all([archive.died(), work().catch(() => undefined)]);
    await archive.launch();
  };

  it('finds a delivery by its position when its mail has arrived, or soon after', async () => {
    const posted = await archive.client.post(await resultOf(other, {}));
    const { id } = 'result' in posted ? posted.result : { id: '' };
    await waitFor('the mail', async () => (await archive.mailbox.about(id)).length > 0);
    const mailed = performance.now();
    await waitFor('the position to be found', async () => (await found(other)).tap.length > 0);
    const milliseconds = Math.round(performance.now() - mailed);
    process.stdout.write(`found by position ${milliseconds} ms after the mail was seen\n`);
    expect(await found(other)).toEqual(PROPRIETARY);
    expect(await imageOf(other)).toEqual([['', '']]);
  });

  it('shows a new delivery once, when it is killed before the commit', async () => {
    const result = await resultOf(member, {});
    await killedAt('search.changed-before-commit', () => archive.client.post(result));
    await changed(member, 'added 1 Proprietary');
    expect(await found(member)).toEqual(PROPRIETARY);
  });

  it('shows the next revision once, when everything is killed at random', async () => {
    const posted = await archive.client.post(await resultOf(member, { revision: 2 }));
    await pause(Math.random() * LONGEST_PAUSE_MS);
    await archive.kill();
    await archive.launch();
    newest = await archive.client.settled('result' in posted ? posted.result.id : '');
    await changed(member, 'replaced 2 Proprietary');
    expect(newest.state).toBe('notified');
  });

  it('releases data once when the date has passed, and shows it everywhere', async () => {
    await killedAt('search.released-before-commit', () => today('2030-06-02'));
    await changed(member, 'released 2 Public');
    await changed(other, 'released 1 Public');
    expect(await found(member)).toEqual(PUBLIC);
    expect(await rows(`SELECT count(*) FROM alma.file WHERE member_ous_uid = '${member.uid}'`)).not.toEqual([['0']]);
    expect(await imageOf(member)).toEqual(
      await rows(`SELECT path, sha256 FROM alma.file WHERE member_ous_uid = '${member.uid}' AND role = 'image.pbcor'`),
    );
  });

  it('shows nothing of a withdrawn delivery, when it is killed before the commit', async () => {
    const failed = await resultOf(member, { revision: 3, outcome: 'FAIL' });
    await killedAt('search.changed-before-commit', () => archive.client.post(failed));
    await changed(member, 'withdrawn 2 none');
    expect([await found(member), await found(other)]).toEqual([NOTHING, PUBLIC]);
  });

  it('is rebuilt through a kill at random, without a change', async () => {
    const request = { method: 'POST' };
    const { id } = searchRebuildSchema.parse(
      await (await archive.client.request('/upkeep/search-rebuilds', request)).json(),
    );
    await archive.kill();
    await archive.launch();
    await waitFor('the rebuild to end', async () => {
      const { state } = await archive.client.get(`/upkeep/search-rebuilds/${id}`, searchRebuildSchema);
      return state === 'done';
    });
    expect([await found(member), await found(other)]).toEqual([NOTHING, PUBLIC]);
  });

  it('shows a client that follows it each change, once and in order', async () => {
    await waitFor('the client to have all', async () => changes(project, member, follower.seen).length === 4);
    await follower.stop();
    const { seen } = follower;
    expect(seen.map(({ id }) => id)).toEqual(seen.map((_change, index) => index + 1));
    const expected = ['added 1 Proprietary', 'replaced 2 Proprietary', 'released 2 Public', 'withdrawn 2 none'];
    expect(changes(project, member, seen)).toEqual(expected);
    expect(await changesInTable(member)).toEqual(expected);
    expect(changes(project, other, seen)).toEqual(['added 1 Proprietary', 'released 1 Public']);
    expect((await rows('SELECT count(*) FROM alma.changes'))[0]).toEqual([String(seen.length)]);
  });
});
