import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deliveryReportSchema, memberFileSchema, ousOf, type Qa2Status } from '@almagest/contracts';
import { Archive } from './harness/archive';
import { type CommandEnd, CommandLine } from './harness/command-line';
import { commandsOfHtml, commandsOfText, textOfHtml } from './harness/mail-text';
import { sha256 } from './harness/posting';
import { SAMPLE, sampleDelivery, sampleFiles, samplePart, sampleResult } from './harness/sample';
import { waitFor } from '../harness/wait-for';

const run = promisify(execFile);
const STORY = ['member12m', 'member7m', 'group'] as const satisfies (keyof typeof SAMPLE)[];
const results = {
  member12m: sampleResult('member12m'),
  member7m: sampleResult('member7m'),
  group: sampleResult('group'),
};
const { group } = results.group;

describe('the story of the sample', () => {
  let archive: Archive;
  const statuses = new Map<string, Qa2Status>();
  const readyAfter: boolean[] = [];

  const statusOf = (name: string): Qa2Status => {
    const status = statuses.get(name);
    if (status === undefined) throw new Error(`${name} was not posted`);
    return status;
  };

  beforeAll(async () => {
    archive = await Archive.start({ embedded: true });
    for (const name of STORY) {
      statuses.set(name, await archive.client.deliver(results[name]));
      readyAfter.push((await archive.client.group(group.uid)).ready);
    }
  });
  afterAll(() => archive.remove());

  it('makes the group ready with the last member, once, and keeps it ready', async () => {
    expect(readyAfter).toEqual([false, true, true]);
    const { readiness, state, members, remarks } = await archive.client.group(group.uid);
    expect(readiness).toEqual([
      {
        number: 1,
        since: expect.any(String) as string,
        members: group.members.map(({ uid }) => ({ uid, revision: 1 })),
        withdrawn: null,
      },
    ]);
    expect(state).toBe('delivered');
    expect(members.map((member) => [member.uid, member.array, member.state])).toEqual(
      group.members.map(({ uid, array }) => [uid, array, 'delivered']),
    );
    expect(remarks).toEqual([]);
  });

  it('links the delivery of the group to those of its members', async () => {
    const delivery = await archive.client.delivery(statusOf('group').id);
    expect(delivery).toMatchObject({ level: 'group', mode: 'combination', state: 'current', ous: group.uid });
    expect(delivery.combines).toEqual([
      { ous: results.member12m.member, delivery: statusOf('member12m').id, revision: 1 },
      { ous: results.member7m.member, delivery: statusOf('member7m').id, revision: 1 },
    ]);
    expect((await archive.client.delivery(statusOf('member7m').id)).combines).toEqual([]);
  });

  it.each(STORY)('catalogues the parts and files in the manifest of %s', async (name) => {
    const sample = sampleDelivery(ousOf(results[name]));
    const delivery = await archive.client.delivery(statusOf(name).id);
    expect(delivery.mode).toBe(sample.mode);
    expect(delivery.partList.map(({ name: part, size, sha256: digest }) => ({ part, size, digest }))).toEqual(
      sample.product_tars.map(({ name: part, size, sha256: digest }) => ({ part, size, digest })),
    );
    expect(delivery.files).toBe(sampleFiles(sample).length);
    expect(delivery.bytes).toBe(sample.product_tars.reduce((sum, { size }) => sum + size, 0));
  });

  it('says of each image where it is, what it covers and what was measured', async () => {
    const files = await archive.client.all(`/deliveries/${statusOf('member12m').id}/files`, memberFileSchema);
    const shown = files.flatMap(({ path, image }) => (image === null ? [] : [{ path, image }]));
    expect(shown.map(({ path }) => path)).toEqual(
      files.map(({ path }) => path).filter((path) => /\/product\/.*\.fits(?:\.gz)?$/.test(path)),
    );
    const cube = shown.find(({ path }) => path.endsWith('/NGC9999.CO_21.pbcor.fits'))?.image;
    const { measurements } = statusOf('member12m').report?.facts ?? { measurements: [] };
    const measured = measurements.find(({ file }) => file.endsWith('/NGC9999.CO_21.pbcor.fits'));
    expect(cube).toMatchObject({
      object: 'NGC9999',
      unit: 'Jy/beam',
      frame: 'FK5',
      shape: [160, 160, 22, 1],
      skyPixels: [160, 160],
      stokes: ['I'],
      spectral: { frame: 'LSRK', channels: 22, channelWidthHz: expect.closeTo(7_689_920, -1) as number },
      noise: [{ stokes: 'I', sigma: measured?.result?.noise[0]?.sigma }],
      mosaic: false,
    });
    // CRVAL1 and CRVAL2 of pixel 81; FK5 differs from ICRS by some milli-arcseconds.
    expect(cube?.centre?.[0]).toBeCloseTo(150.5725 + (0.5 * 4.7222e-5) / Math.cos((31.2347 * Math.PI) / 180), 4);
    expect(cube?.centre?.[1]).toBeCloseTo(-31.23472 - 0.5 * 4.7222e-5, 4);
    expect(cube?.pixelArcsec?.[0]).toBeCloseTo(0.17, 6);
  });

  it.each(STORY)('shows the history of %s in chronological order, and its report', async (name) => {
    const { history, report, id, delivery } = statusOf(name);
    expect(history.map(({ state }) => state)).toEqual(['accepted', 'stored', 'catalogued', 'notified']);
    const times = history.map(({ at }) => Date.parse(at));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(report).toMatchObject({ verdict: 'pass', counts: { reject: 0 } });
    expect(delivery).toBe(`/deliveries/${id}`);
    expect(await archive.client.get(`/deliveries/${id}/report`, deliveryReportSchema)).toEqual(report);
  });

  it.each(STORY)('sends one mail about %s to the PI and one to the delegee', async (name) => {
    const mails = await archive.mailbox.about(statusOf(name).id);
    expect(mails.map(({ to, recipient }) => [to, recipient])).toEqual([
      ['acannon@example.org', 'Annie Cannon'],
      ['hleavitt@example.org', 'Henrietta Leavitt'],
    ]);
    for (const { subject, text, recipient } of mails) {
      expect(subject).toContain(results[name].project);
      expect(subject).toContain(ousOf(results[name]));
      expect(text).toContain(`Dear ${recipient},`);
    }
    const listed = await archive.client.mails(ousOf(results[name]));
    expect(listed.map(({ state, recipient }) => [state, recipient]).sort()).toEqual([
      ['sent', 'Annie Cannon'],
      ['sent', 'Henrietta Leavitt'],
    ]);
  });

  it.each(STORY)('states the URL, size and SHA-256 of each part in the mail about %s', async (name) => {
    const { text, html } = await mailToPi(name);
    const sample = sampleDelivery(ousOf(results[name]));
    const bytes = sample.product_tars.reduce((sum, { size }) => sum + size, 0);
    expect(text).toMatch(new RegExp(`^ *Files: +${sampleFiles(sample).length}$`, 'm'));
    expect(text).toContain(`THE PARTS (${sample.product_tars.length}, ${(bytes / 1e6).toFixed(1)} MB in all)`);
    for (const part of results[name].parts ?? []) {
      const url = new RegExp(`http://\\S+/${part.name}`).exec(text)?.[0] ?? '';
      expect(text).toContain(`(${part.size} bytes)`);
      expect(text).toContain(`SHA-256 ${part.sha256}`);
      expect(textOfHtml(html.replaceAll(/<a href="([^"]+)">/g, '$1 '))).toContain(url);
      expect(html).toContain(part.sha256);
      // The link is sufficient.
      const answer = await archive.client.request(url, { token: null });
      expect(sha256(Buffer.from(await answer.arrayBuffer()))).toBe(part.sha256);
    }
  });

  it('names exactly the ASDMs of the member in the mail', async () => {
    const [first, second] = [await mailToPi('member12m'), await mailToPi('member7m')];
    for (const { text, html } of [first]) {
      for (const block of ['uid___A002_X1_Xb1.asdm.sdm', 'uid___A002_X1_Xb2.asdm.sdm']) {
        expect(text).toMatch(new RegExp(`^ *${block}  used in the imaging, 3\\.8 MB$`, 'm'));
        expect(html).toContain(block);
      }
      expect(text).not.toContain('Xb3');
    }
    expect(second.text).toMatch(/^ *uid___A002_X1_Xb3\.asdm\.sdm {2}used in the imaging, 2\.3 MB$/m);
    expect(second.text).not.toMatch(/Xb[12]/);
    expect((await mailToPi('group')).text).not.toContain('.asdm.sdm');
  });

  it.each(STORY)(
    'states the beam and noise of the manifest in the mail about %s, stated and measured',
    async (name) => {
      const { facts } = sampleDelivery(ousOf(results[name]));
      const { text, html } = await mailToPi(name);
      for (const image of [facts.cont, facts.line]) {
        const [, stated = ''] =
          new RegExp(`  stated    (.*)\\n    measured .*\\n    file      ${image.file}`).exec(text) ?? [];
        const [, measured = ''] = new RegExp(`  measured  (.*)\\n    file      ${image.file}`).exec(text) ?? [];
        for (const [figures, tolerance] of [
          [stated, 0.02],
          [measured, 0.25],
        ] as const) {
          const [major, minor, rms] = [...figures.matchAll(/[\d.]+(?=" x|" \(| mJy)/g)].map(([value]) => Number(value));
          expect(major).toBeCloseTo(image.beam.major, 1);
          expect(minor).toBeCloseTo(image.beam.minor, 1);
          expect(Math.abs((rms ?? 0) / (image.rms * 1e3) - 1)).toBeLessThan(tolerance);
          expect(textOfHtml(html)).toContain(figures);
        }
      }
      expect(text).toContain('The measured values agree with the README: each');
    },
  );

  it('explains in each mail how to calibrate these data, with mode, CASA version and disk space', async () => {
    const [analyst, pipeline, group] = [
      await mailToPi('member12m'),
      await mailToPi('member7m'),
      await mailToPi('group'),
    ];
    const tree = (name: (typeof STORY)[number]): string => sampleDelivery(ousOf(results[name])).tree;
    expect(analyst.text).toContain(`  cd ${tree('member12m')}/script\n  casa -c "execfile('scriptForPI.py')"\n`);
    expect(analyst.text).toContain('calibrated/calibrated.ms');
    expect(pipeline.text).toContain(`  cd ${tree('member7m')}/script\n  casa --pipeline\n`);
    expect(pipeline.text).toContain("\n  execfile('scriptForPI.py')\n");
    for (const [name, { text, html }] of [['member12m', analyst] as const, ['member7m', pipeline] as const]) {
      expect(text).toContain('CASA 6.7.5-18');
      // P x (11 + 3F), (7 + 3F), (3 + 3F); only the 12 m delivery has a flux script (§5.3).
      const files = sampleFiles(sampleDelivery(ousOf(results[name]))).reduce((sum, { size }) => sum + size, 0);
      const raw = results[name].executionBlocks.reduce((sum, { asdm }) => sum + asdm.size, 0);
      const combined = name === 'member12m' ? 3 : 0;
      for (const [level, factor] of [11, 7, 3, 3].entries()) {
        const need = ((files + raw) * (factor + combined)) / 1e6;
        expect(text).toMatch(new RegExp(`  SPACESAVING=${level} +${need.toFixed(1)} MB  `));
        expect(textOfHtml(html)).toContain(`${need.toFixed(1)} MB`);
      }
    }
    expect(group.text).not.toMatch(/scriptForPI|SPACESAVING/);
    for (const { text, html } of [analyst, pipeline, group]) {
      expect(text).toContain('"The molecular ring of NGC 9999 (simulated)"');
      expect(text).toContain('https://help.almascience.org/');
      expect(text).toContain('no, public since 2015-12-19');
      expect(html).not.toMatch(/undefined|(?<!\/dev\/)null|\[object|NaN/);
      expect(text).not.toMatch(/undefined|(?<!\/dev\/)null|\[object|NaN|&#/);
    }
  });

  it('states in each mail the place in the group, and which members are missing', async () => {
    const texts = await Promise.all(STORY.map(async (name) => (await mailToPi(name)).text.replaceAll('\n', ' ')));
    expect(texts[0]).toContain(`member 1 of 2 in the group ${group.uid}. Delivered so far: 1 of 2 members.`);
    expect(texts[0]).toContain('Members still to be delivered   uid://A001/X1/Xa4  7m, NGC9999_a_06_7M, awaited');
    expect(texts[1]).toContain(`member 2 of 2 in the group ${group.uid}. All members have passed QA2`);
    expect(texts[1]).not.toContain('Members still to be delivered');
    expect(texts[2]).toContain(`combined imaging of the 2 members of GroupOUS ${group.uid}`);
  });

  describe('the commands in the mail', () => {
    let directory: string;
    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), 'almagest-unpack-'));
    });
    afterEach(() => rm(directory, { recursive: true }));

    const forms = STORY.flatMap((name) => [
      { name, form: 'text', commandsOf: (mail: { text: string }): string => commandsOfText(mail.text) },
      { name, form: 'HTML', commandsOf: (mail: { html: string }): string => commandsOfHtml(mail.html) },
    ]);
    it.each(forms)('fetch, verify and unpack $name when copied from the $form', async ({ name, commandsOf }) => {
      await run('sh', ['-e', '-c', commandsOf(await mailToPi(name))], { cwd: directory });
      const files = sampleFiles(sampleDelivery(ousOf(results[name])));
      for (const { path, sha256: digest } of files) {
        expect([path, sha256(await readFile(join(directory, path)))]).toEqual([path, digest]);
      }
    });

    it.each(forms.filter(({ name }) => name === 'member12m'))(
      'resume where they were interrupted, and skip finished files, when copied from the $form',
      async ({ name, commandsOf }) => {
        const commands = commandsOf(await mailToPi(name));
        const [first, second] = (results[name].parts ?? []).map((part) => ({
          path: join(directory, part.name),
          bytes: samplePart(part.name),
        }));
        if (first === undefined || second === undefined) throw new Error('the sample has no two parts');
        await writeFile(`${first.path}.part`, first.bytes.subarray(0, 1_000_001));
        await writeFile(second.path, second.bytes);
        const before = await stat(second.path);
        for (let again = 0; again < 2; again++) {
          await run('sh', ['-e', '-c', commands], { cwd: directory });
          for (const { path, bytes } of [first, second]) expect(sha256(await readFile(path))).toBe(sha256(bytes));
        }
        expect((await stat(second.path)).mtimeMs).toBe(before.mtimeMs);
      },
    );

    it('do not unpack a part that differs from the posted one', async () => {
      const commands = commandsOfText((await mailToPi('member7m')).text);
      const [part] = results.member7m.parts ?? [];
      const damaged = samplePart(part?.name ?? '');
      damaged.writeUInt8(damaged.readUInt8(1_000_000) ^ 1, 1_000_000);
      await writeFile(join(directory, part?.name ?? ''), damaged);
      await expect(run('sh', ['-c', commands], { cwd: directory })).rejects.toThrow('another file of this name exists');
      await expect(readFile(join(directory, results.member7m.project, 'README'))).rejects.toThrow('ENOENT');
    });
  });

  describe('almagest search', () => {
    const QUERY = 'SELECT count(*) AS n FROM ivoa.obscore';
    const feed = async (input: string, ...args: string[]): Promise<CommandEnd> =>
      CommandLine.feed(Buffer.from(input), 'search', ...args, '--server', archive.client.url);
    const search = async (...args: string[]): Promise<CommandEnd> => feed('', ...args);
    let directory: string;

    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'almagest-search-'));
      await waitFor('search to show three deliveries', async () => {
        const { stdout } = await search('--query', QUERY, '--json');
        return stdout === '{"n":6}\n';
      });
    });
    afterAll(() => rm(directory, { recursive: true, force: true }));

    it.each([
      ['a position in degrees', ['150.5725', '-31.2347'], 6],
      ['a sexagesimal position', ['10:02:17.4', '-31:14:04.9', '--radius', '1arcsec'], 6],
      ['the name of a source', ['ngc', '9999', '--resolution', '1..10'], 2],
      ['what is around a source', ['NGC_9999', '--radius', '10arcsec', '--frequency', '229.4'], 3],
      ['a project and a band', ['--project', '2013.1.09999.S', '--band', '3,6', '--public'], 6],
      ['another band', ['--band', '3'], 0],
      ['another place', ['150.5725', '31.2347', '--radius', '1deg'], 0],
    ])('finds by %s', async (_, args, rows) => {
      const { exitCode, stdout, stderr } = await search(...args);
      expect([exitCode, stderr]).toEqual([0, rows === 0 ? 'Nothing found.\n' : '']);
      expect(stdout.split('\n').filter((line) => line.startsWith('NGC9999 '))).toHaveLength(rows);
    });

    it('writes the first rows of a query to a file, and says that there are more', async () => {
      const file = join(directory, 'files.csv');
      const query = 'SELECT path FROM alma.file ORDER BY path';
      const { exitCode, stdout, stderr } = await feed(
        query,
        ...['--adql', '-', '--format', 'csv', '--output', file, '--limit', '2'],
      );
      expect([exitCode, stdout]).toEqual([0, '']);
      expect(stderr).toMatch(/files\.csv: 2 rows, \d+ bytes\nOVERFLOW: the result has more than 2 rows\./);
      expect((await readFile(file, 'utf8')).split('\r\n')).toHaveLength(4);
    });

    it('says of a VOTable too that it was cut', async () => {
      const { exitCode, stdout, stderr } = await search('--band', '6', '--format', 'votable', '--limit', '2');
      expect([exitCode, stderr]).toEqual([0, expect.stringContaining('OVERFLOW: the result has more than 2 rows.')]);
      expect(stdout.match(/<TR>/g)).toHaveLength(2);
    });

    it('writes no file for a query that is refused', async () => {
      const file = join(directory, 'refused.xml');
      const options = ['--format', 'votable', '--output', file];
      const { exitCode, stderr } = await search('--query', 'SELECT obs_idd FROM ivoa.obscore', ...options);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('did you mean obs_id?')]);
      await expect(stat(file)).rejects.toThrow('ENOENT');
    });
  });

  async function mailToPi(name: string): Promise<{ text: string; html: string }> {
    const mails = await archive.mailbox.about(statusOf(name).id);
    const mail = mails.find(({ to }) => to === 'hleavitt@example.org');
    if (mail === undefined) throw new Error(`the PI got no mail about ${name}`);
    return mail;
  }
});
