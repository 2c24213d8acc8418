import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deliveryReportSchema, ousOf, type Qa2Status } from '@almagest/contracts';
import { Archive } from './harness/archive';
import { commandsOfHtml, commandsOfText } from './harness/mail-text';
import { sha256 } from './harness/posting';
import { SAMPLE, sampleDelivery, sampleFiles, samplePart, sampleResult } from './harness/sample';

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
    archive = await Archive.start();
    for (const name of STORY) {
      statuses.set(name, await archive.client.deliver(results[name]));
      readyAfter.push((await archive.client.group(group.uid)).ready);
    }
  });
  afterAll(() => archive.remove());

  it('makes the group ready with the last member, once, and it stays so', async () => {
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

  it.each(STORY)('catalogues the parts and files of %s as its manifest says', async (name) => {
    const sample = sampleDelivery(ousOf(results[name]));
    const delivery = await archive.client.delivery(statusOf(name).id);
    expect(delivery.mode).toBe(sample.mode);
    expect(delivery.partList.map(({ name: part, size, sha256: digest }) => ({ part, size, digest }))).toEqual(
      sample.product_tars.map(({ name: part, size, sha256: digest }) => ({ part, size, digest })),
    );
    expect(delivery.files).toBe(sampleFiles(sample).length);
    expect(delivery.bytes).toBe(sample.product_tars.reduce((sum, { size }) => sum + size, 0));
  });

  it.each(STORY)('shows the history of %s with times that do not go back, and its report', async (name) => {
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
    const told = await archive.client.mails(ousOf(results[name]));
    expect(told.map(({ state, recipient }) => [state, recipient]).sort()).toEqual([
      ['sent', 'Annie Cannon'],
      ['sent', 'Henrietta Leavitt'],
    ]);
  });

  it.each(STORY)('says in the mail about %s where each part is, its size and its SHA-256', async (name) => {
    const { text, html } = await mailToPi(name);
    for (const part of results[name].parts ?? []) {
      const url = new RegExp(`http://\\S+/${part.name}`).exec(text)?.[0] ?? '';
      expect(text).toContain(`(${part.size} bytes)`);
      expect(text).toContain(`SHA-256 ${part.sha256}`);
      expect(html).toContain(`href="${url}"`);
      expect(html).toContain(part.sha256);
      expect(sha256(await archive.client.download(url))).toBe(part.sha256);
    }
  });

  it('names in the mail the ASDMs of the member, and of no other', async () => {
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

  describe('the commands of the mail', () => {
    let directory: string;
    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), 'almagest-unpack-'));
    });
    afterEach(() => rm(directory, { recursive: true }));

    const forms = STORY.flatMap((name) => [
      { name, form: 'text', commandsOf: (mail: { text: string }): string => commandsOfText(mail.text) },
      { name, form: 'HTML', commandsOf: (mail: { html: string }): string => commandsOfHtml(mail.html) },
    ]);
    it.each(forms)('unpack $name, as they stand in the $form', async ({ name, commandsOf }) => {
      const commands = commandsOf(await mailToPi(name));
      for (const { name: part } of results[name].parts ?? []) await writeFile(join(directory, part), samplePart(part));
      await run('sh', ['-c', commands], { cwd: directory });
      const files = sampleFiles(sampleDelivery(ousOf(results[name])));
      for (const { path, sha256: digest } of files) {
        expect([path, sha256(await readFile(join(directory, path)))]).toEqual([path, digest]);
      }
    });

    it('unpack nothing of a part that is not what was sent', async () => {
      const commands = commandsOfText((await mailToPi('member7m')).text);
      const [part] = results.member7m.parts ?? [];
      const damaged = samplePart(part?.name ?? '');
      damaged.writeUInt8(damaged.readUInt8(1_000_000) ^ 1, 1_000_000);
      await writeFile(join(directory, part?.name ?? ''), damaged);
      await expect(run('sh', ['-c', commands], { cwd: directory })).rejects.toThrow('did NOT match');
      await expect(readFile(join(directory, results.member7m.project, 'README'))).rejects.toThrow('ENOENT');
    });
  });

  async function mailToPi(name: string): Promise<{ text: string; html: string }> {
    const mails = await archive.mailbox.about(statusOf(name).id);
    const mail = mails.find(({ to }) => to === 'hleavitt@example.org');
    if (mail === undefined) throw new Error(`the PI got no mail about ${name}`);
    return mail;
  }
});
