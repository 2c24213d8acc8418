import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ousOf,
  problemSchema,
  rebuildSchema,
  reconciliationSchema,
  scrubSchema,
  searchRebuildSchema,
  upkeepFindingSchema,
} from '@almagest/contracts';
import { Client } from 'pg';
import { waitFor } from '../harness/wait-for';
import { Archive } from './harness/archive';
import { type CommandEnd, CommandLine } from './harness/command-line';
import { sha256 } from './harness/posting';
import { sampleDelivery, samplePart, sampleResult } from './harness/sample';

const STORY = ['member12m', 'member7m', 'group'] as const;
const READER = 'reader-token-0123456789abcdef0123';
/** Seven objects: four parts, and a manifest for each of the three deliveries. */
const OBJECTS = 7;
const [LARGEST] = sampleDelivery(ousOf(sampleResult('member12m'))).product_tars;
const PART = LARGEST?.name ?? '';
const FILE = LARGEST?.members.at(-1)?.path ?? '';

describe('maintenance commands', () => {
  let archive: Archive;
  let folder: string;
  /** The keys of the part and of the manifest of its delivery in the object store. */
  let part: string;
  let manifest: string;
  /** The ids of the deliveries. */
  const deliveries: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'almagest-upkeep-'));
    archive = await Archive.start({
      env: { RECONCILE_GRACE_HOURS: '0' },
      tokens: [
        'operator qa2:submit,archive:read,archive:operate operator-token-0123456789abcdef',
        `reader archive:read ${READER}`,
      ],
    });
    for (const name of STORY) deliveries.push((await archive.client.deliver(sampleResult(name))).id);
    const keys = await archive.stored('2013.1.09999.S');
    part = keys.find((key) => key.endsWith(PART)) ?? '';
    manifest = part.replace(/[^/]+$/, 'manifest.jsonl');
    expect(keys).toContain(manifest);
  });
  afterAll(async () => {
    await archive?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const almagest = async (...args: string[]): Promise<CommandEnd> =>
    CommandLine.run(...args, '--server', archive.client.url, '--token-file', join(archive.home, 'operator'));
  const mailCount = async (): Promise<number> =>
    (await Promise.all(deliveries.map((id) => archive.mailbox.about(id)))).flat().length;
  const linesOf = ({ stdout }: CommandEnd): unknown[] =>
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);

  beforeAll(() => writeFile(join(archive.home, 'operator'), 'operator-token-0123456789abcdef\n'));

  describe('almagest scrub', () => {
    afterEach(() => archive.tamper(part, samplePart(PART)));

    it('finds nothing when every object is as catalogued', async () => {
      const { exitCode, stdout, stderr } = await almagest('scrub');
      expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^7 objects read, .*: all match the catalogue\n$/)]);
      expect(stderr).toMatch(/^The scrub [0-9a-f-]{36} is under way$/m);
    });

    it('finds a flipped bit, reports both digests, and shows the run again by its id', async () => {
      const broken = Buffer.from(samplePart(PART));
      broken[4321] = (broken[4321] ?? 0) ^ 4;
      await archive.tamper(part, broken);
      const { exitCode, stdout, stderr } = await almagest('scrub');
      expect([exitCode, stdout]).toEqual([1, expect.stringContaining(`corrupt  ${part}`)]);
      for (const digest of [sha256(samplePart(PART)), sha256(broken)])
        expect(stdout.replaceAll(/\s+/g, '')).toContain(digest);
      expect(stdout).toContain(' 1 damaged');
      const id = /The scrub (\S+)/.exec(stderr)?.[1] ?? '';
      const again = await almagest('scrub', id.slice(0, 8));
      expect([again.exitCode, again.stdout]).toEqual([1, stdout]);
      const json = linesOf(await almagest('scrub', id, '--json')) as [{ scrub: unknown }, { finding: unknown }];
      expect(scrubSchema.parse(json[0].scrub)).toMatchObject({ id, state: 'done', damaged: 1 });
      expect(upkeepFindingSchema.parse(json[1].finding)).toMatchObject({ kind: 'corrupt', key: part });
      // The scrub changes and deletes nothing.
      expect(await archive.stored('2013.1.09999.S')).toContain(part);
    });

    it('reports a missing object as lost', async () => {
      await archive.tamper(part, null);
      expect(await almagest('scrub')).toMatchObject({ exitCode: 1, stdout: expect.stringContaining(`lost  ${part}`) });
    });

    describe('the bytes of the part', () => {
      const partUrl = (): string => `/deliveries/${deliveries[0]}/parts/${PART}`;
      /** Returns the status of HEAD, and the codes of the refusals of the part, a range, a file in it, and its link. */
      async function answers(): Promise<(string | number)[]> {
        const { client } = archive;
        const refusals = [
          await client.refusal(partUrl()),
          await client.refusal(partUrl(), { headers: { range: 'bytes=0-9' } }),
          await client.refusal(`/deliveries/${deliveries[0]}/files/${FILE}`),
          await client.refusal(`${partUrl()}/link`),
        ];
        const head = await client.request(partUrl(), { method: 'HEAD' });
        return [head.status, ...refusals.map(({ code }) => String(code))];
      }

      it('are never sent as a whole when they are damaged; once that is known, the reason is sent', async () => {
        const broken = Buffer.from(samplePart(PART));
        broken[4321] = (broken[4321] ?? 0) ^ 4;
        await archive.tamper(part, broken);
        const response = await archive.client.request(partUrl());
        // The first piece is checked before the status is sent, so a part that fits into one piece is refused.
        const outcome =
          response.status === 200
            ? await response.arrayBuffer().then(
                () => 'sent as a whole',
                () => 'interrupted',
              )
            : problemSchema.parse(await response.json()).code;
        expect(['interrupted', 'http.content-damaged']).toContain(outcome);
        await almagest('scrub');
        expect(await answers()).toEqual([503, ...Array<string>(4).fill('object-store.damaged')]);
        await archive.tamper(part, samplePart(PART));
        expect((await archive.client.download(partUrl())).equals(samplePart(PART))).toBe(true);
      });

      it('are not there for any request when they are lost', async () => {
        await archive.tamper(part, null);
        expect(await answers()).toEqual([503, ...Array<string>(4).fill('object-store.lost')]);
      });
    });
  });

  describe('almagest reconcile', () => {
    const orphan = (): string => part.replace(/[^/]+$/, 'orphan.tar');

    it('finds nothing when the catalogue and the object store agree', async () => {
      const { exitCode, stdout } = await almagest('reconcile');
      expect([exitCode, stdout]).toEqual([0, `${OBJECTS} catalogued objects, ${OBJECTS} in the store; they agree\n`]);
    });

    it('reports deleted and added objects, and changes nothing without --repair', async () => {
      await archive.tamper(part, null);
      await archive.tamper(orphan(), Buffer.from('added'));
      await archive.tamper('by-hand/notes.txt', Buffer.from('mine'));
      const { exitCode, stdout } = await almagest('reconcile');
      expect(exitCode).toBe(1);
      for (const line of [`lost  ${part}`, `orphan  ${orphan()}`, 'foreign  by-hand/notes.txt']) {
        expect(stdout).toContain(`${line}\n`);
      }
      expect(stdout).toMatch(/3 findings\n$/);
      expect(await archive.stored('2013.1.09999.S')).toContain(orphan());
    });

    it('--repair removes proven orphans, and reports what it cannot repair', async () => {
      const lines = await archive.read(manifest);
      await archive.tamper(manifest, null);
      const { exitCode, stdout } = await almagest('reconcile', '--repair');
      expect(exitCode).toBe(1);
      expect(stdout).toContain(`orphan  ${orphan()}  repaired`);
      expect(stdout).toContain(`lost  ${part}  repaired`);
      expect(stdout).toContain(`lost  ${manifest}  cannot be repaired here`);
      expect(stdout).toContain('foreign  by-hand/notes.txt  cannot be repaired here');
      expect(stdout).toMatch(/4 findings; 2 repaired\n$/);
      expect(await archive.stored('2013.1.09999.S')).not.toContain(orphan());
      expect((await archive.read(part)).equals(samplePart(PART))).toBe(true);
      await archive.tamper(manifest, lines);
      await archive.tamper('by-hand/notes.txt', null);
    });

    it('exits with 0 when everything is repaired', async () => {
      await archive.tamper(orphan(), Buffer.from('added again'));
      const end = await almagest('reconcile', '--repair', '--json');
      const [first, second] = linesOf(end) as [{ reconciliation: unknown }, { finding: unknown }];
      expect(reconciliationSchema.parse(first.reconciliation)).toMatchObject({ findingCount: 1, repaired: 1 });
      expect(upkeepFindingSchema.parse(second.finding)).toMatchObject({ key: orphan(), repair: 'done' });
      expect(end.exitCode).toBe(0);
      expect((await almagest('reconcile')).exitCode).toBe(0);
    });
  });

  describe('almagest rebuild-catalogue', () => {
    /** Returns everything that readers see of the sample, except the times of recording. */
    async function catalogueView(): Promise<string> {
      const client = archive.client;
      const paths = ['/projects/2013.1.09999.S'];
      for (const name of STORY) {
        const ous = ousOf(sampleResult(name));
        const [delivery] = await client.deliveries(ous);
        const [uid, id] = [ous.replace('uid://', 'uid___').replaceAll('/', '_'), delivery?.id];
        paths.push(`/ous/${uid}`, `/ous/${uid}/deliveries`, `/deliveries/${id}`, `/deliveries/${id}/report`);
        paths.push(`/deliveries/${id}/files?limit=1000`);
        if (name !== 'group') paths.push(`/ous/${uid}/asdms`);
      }
      const texts = [];
      for (const path of paths) texts.push(`${path}\n${await (await client.request(path)).text()}`);
      return texts.join('\n').replaceAll(/"[^"]+":"\d{4}-\d\d-\d\dT[^"]+Z"/g, '"time"');
    }

    it('does not change a catalogue that is not empty', async () => {
      const { exitCode, stdout, stderr } = await almagest('rebuild-catalogue');
      expect([exitCode, stdout]).toEqual([1, '']);
      expect(stderr).toContain('Only a catalogue without deliveries can be rebuilt');
    });

    /** Returns what queries see. */
    async function searchView(): Promise<string> {
      const columns = 'obs_id, s_region, frequency, t_exptime, data_rights, access_estsize';
      const query = new URLSearchParams({
        QUERY: `SELECT ${columns} FROM ivoa.obscore ORDER BY obs_id`,
        RESPONSEFORMAT: 'csv',
      });
      return (await archive.client.request(`/tap/sync?${query.toString()}`)).text();
    }

    it('rebuilds an equal catalogue from the object store alone, then search, and sends no second mail', async () => {
      const before = await catalogueView();
      const found = await waitFor('search to have every delivery', async () => {
        const view = await searchView();
        return STORY.every((name) => view.includes(ousOf(sampleResult(name)))) && view;
      });
      expect(before).toContain(PART);
      const mails = await mailCount();
      const database = new Client({ connectionString: await archive.databaseUrl() });
      await database.connect();
      await database.query('DROP SCHEMA catalogue CASCADE');
      await database.query('DROP SCHEMA search CASCADE');
      await database.end();
      await archive.stop();
      await archive.launch();
      expect((await archive.client.request('/projects/2013.1.09999.S')).status).toBe(404);
      const end = await almagest('rebuild-catalogue');
      expect([end.exitCode, end.stdout]).toEqual([0, '3 deliveries rebuilt; every manifest was usable\n']);
      expect(await catalogueView()).toBe(before);
      await waitFor('search to be as it was', async () => (await searchView()) === found);
      const again = await almagest('rebuild-search', '--json');
      expect(again.exitCode).toBe(0);
      const [{ 'search-rebuild': rebuilt }] = linesOf(again) as [{ 'search-rebuild': unknown }];
      expect(searchRebuildSchema.parse(rebuilt)).toMatchObject({ state: 'done', deliveries: 3, removed: 0 });
      expect(await searchView()).toBe(found);
      const [delivery] = await archive.client.deliveries(ousOf(sampleResult('member12m')));
      const bytes = await archive.client.download(`/deliveries/${delivery?.id}/parts/${PART}`);
      expect(sha256(bytes)).toBe(sha256(samplePart(PART)));
      const id = /The rebuild (\S+)/.exec(end.stderr)?.[1] ?? '';
      const [first] = linesOf(await almagest('rebuild-catalogue', id, '--json')) as [{ rebuild: unknown }];
      expect(rebuildSchema.parse(first.rebuild)).toMatchObject({ deliveries: 3, findingCount: 0 });
      expect(await mailCount()).toBe(mails);
      expect((await almagest('scrub')).exitCode).toBe(0);
      expect((await almagest('reconcile')).exitCode).toBe(0);
    });
  });

  it.each([['scrub'], ['reconcile'], ['rebuild-catalogue'], ['rebuild-search']])(
    '%s only by operators, only for a run there is',
    async (command) => {
      const token = join(folder, 'reader');
      await writeFile(token, `${READER}\n`);
      const refused = await CommandLine.run(command, '--server', archive.client.url, '--token-file', token);
      expect([refused.exitCode, refused.stdout]).toEqual([1, '']);
      expect(refused.stderr).toContain('requires a token with the scope archive:operate');
      const unknown = '00000000-0000-4000-8000-000000000000';
      expect(await almagest(command, unknown)).toMatchObject({ exitCode: 1, stdout: '' });
    },
  );
});
