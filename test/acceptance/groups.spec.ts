import type { GroupOus, Qa2Result } from '@almagest/contracts';
import { toFileForm } from '@almagest/ous';
import { waitFor } from '../harness/wait-for';
import { Archive } from './harness/archive';
import { memberFiles, type TarEntry } from './harness/delivery-files';
import { textOfHtml } from './harness/mail-text';
import { groupResult, memberResult, type PostingOptions } from './harness/posting';
import { type Member, newProject, type Project } from './harness/project';

describe('groups and their readiness for combination', () => {
  let archive: Archive;
  beforeAll(async () => {
    archive = await Archive.start();
  });
  afterAll(() => archive.remove());

  const deliver = async (project: Project, member: Member, options?: PostingOptions): Promise<void> => {
    await archive.client.deliver(await memberResult(archive.inbox, project, member, options));
  };
  const record = async (project: Project, member: Member, options: PostingOptions): Promise<void> => {
    const status = await archive.client.submit(await memberResult(archive.inbox, project, member, options));
    expect(status).toMatchObject({ state: 'recorded', settled: true, delivery: null, report: null });
    expect(status.history.map(({ state }) => state)).toEqual(['recorded']);
  };
  /** Returns the files that the calibration of a member's execution block needs. */
  const filesOfBlock = async (project: Project, member: Member): Promise<TarEntry[]> =>
    (await memberFiles(project, member)).filter(({ path }) => path.includes(toFileForm(member.executionBlock)));
  /** Returns the group once the catalogue has recorded a result that is not delivered. */
  const groupWhen = async (project: Project, member: Member, revision: number): Promise<GroupOus> => {
    await archive.client.memberWhen(member.uid, { revision, state: 'not-delivered' });
    return archive.client.group(project.group);
  };

  it('never makes a group with one member ready', async () => {
    const project = newProject('12m');
    await deliver(project, project.members[0]);
    expect(await archive.client.group(project.group)).toMatchObject({ ready: false, readiness: [] });
    await deliver(project, project.members[0], { revision: 2 });
    expect(await archive.client.group(project.group)).toMatchObject({ ready: false, readiness: [] });
  });

  it('makes a group ready with its last member, in any order', async () => {
    const project = newProject('12m', '7m', 'TP');
    for (const member of project.members.toReversed()) {
      expect((await groupOrNull(project))?.ready ?? false).toBe(false);
      await deliver(project, member);
    }
    const { ready, readiness } = await archive.client.group(project.group);
    expect(ready).toBe(true);
    expect(readiness).toMatchObject([{ number: 1, withdrawn: null }]);
    expect(readiness[0]?.members).toEqual(project.members.map(({ uid }) => ({ uid, revision: 1 })));
  });

  it('makes a group ready once when all its members arrive at the same time', async () => {
    const project = newProject('12m', '12m', '7m', 'TP');
    const results = await Promise.all(project.members.map((member) => memberResult(archive.inbox, project, member)));
    await Promise.all(results.map((result) => archive.client.deliver(result)));
    expect(await archive.client.group(project.group)).toMatchObject({
      ready: true,
      readiness: [{ number: 1, withdrawn: null }],
    });
  });

  it('makes a group ready by one delivery of Cycle 0 that serves all its members', async () => {
    const project = newProject('12m', '7m');
    const [first, second] = project.members as [Member, Member];
    const tree = `${project.code}/sg_ouss_id/group_ouss_id/member_ouss_2012-09-12_id`;
    const files = [...(await memberFiles(project, first)), ...(await filesOfBlock(project, second))].map((file) => ({
      ...file,
      path: file.path.replace(/^(?:[^/]+\/){4}/, `${tree}/`),
    }));
    const { executionBlocks } = await memberResult(archive.inbox, project, second, { outcome: 'FAIL' });
    const result = await memberResult(archive.inbox, project, first, { files });
    const { group, scienceGoal, parts = [] } = result;
    const posted: Qa2Result = {
      ...result,
      alsoServes: [{ scienceGoal, group, member: second.uid, executionBlocks }],
      parts: parts.map((part) => ({ ...part, name: `${project.code}_2012-09-12_001_of_001.tar` })),
    };
    const { id } = await archive.client.deliver(posted);
    expect(await archive.client.post(posted)).toMatchObject({ status: 200, result: { id, alsoServes: [second.uid] } });
    expect(await archive.client.post(await memberResult(archive.inbox, project, second))).toMatchObject({
      status: 409,
      problem: { code: 'intake.content-conflict' },
    });
    expect(await archive.client.group(project.group)).toMatchObject({ ready: true });
    for (const { uid } of project.members) {
      expect(await archive.client.member(uid)).toMatchObject({ state: 'delivered', delivery: id });
      expect(await archive.client.deliveries(uid)).toMatchObject([{ id, state: 'current', ous: first.uid }]);
    }
    expect((await archive.stored(project.code)).filter((key) => key.endsWith('.tar'))).toHaveLength(1);
    const mails = await waitFor('the mails', async () => {
      const found = await archive.mailbox.about(id);
      return found.length >= project.recipients.length && found;
    });
    expect(mails).toHaveLength(project.recipients.length);
    for (const { text, html } of mails) for (const body of [text, textOfHtml(html)]) expect(body).toContain(second.uid);

    await record(project, second, { revision: 2, outcome: 'FAIL' });
    await groupWhen(project, second, 2);
    for (const { uid } of project.members) {
      expect(await archive.client.member(uid)).toMatchObject({ state: 'not-delivered', delivery: null });
      expect(await archive.client.deliveries(uid)).toMatchObject([{ id, state: 'withdrawn' }]);
    }
  });

  it('withdraws the readiness, with the reason, when a member fails later', async () => {
    const project = newProject('12m', '7m');
    const [first, second] = project.members as [Member, Member];
    await deliver(project, first);
    await deliver(project, second);
    await record(project, second, { revision: 2, outcome: 'FAIL' });
    const group = await groupWhen(project, second, 2);
    expect(group.ready).toBe(false);
    expect(group.readiness).toHaveLength(1);
    expect(group.readiness[0]).toMatchObject({
      number: 1,
      withdrawn: { reason: `revision 2 of ${second.uid} has QA2 outcome FAIL and is not delivered` },
    });
    expect(group.members[1]).toMatchObject({ state: 'not-delivered', outcome: 'FAIL', revision: 2 });
    expect(await archive.client.deliveries(second.uid)).toMatchObject([{ revision: 1, state: 'withdrawn' }]);
  });

  it('makes a group ready again, with the next number, when a new revision of a member is delivered', async () => {
    const project = newProject('12m', '7m');
    const [first, second] = project.members as [Member, Member];
    await deliver(project, first);
    await deliver(project, second);
    await deliver(project, first, { revision: 2 });
    const { ready, readiness } = await archive.client.group(project.group);
    expect(ready).toBe(true);
    expect(readiness.map(({ number, members, withdrawn }) => [number, members, withdrawn?.reason])).toEqual([
      [
        1,
        [
          { uid: first.uid, revision: 1 },
          { uid: second.uid, revision: 1 },
        ],
        `revision 2 of ${first.uid} is on its way`,
      ],
      [
        2,
        [
          { uid: first.uid, revision: 2 },
          { uid: second.uid, revision: 1 },
        ],
        undefined,
      ],
    ]);
  });

  it('withdraws the readiness when a new revision of a member is rejected', async () => {
    const project = newProject('12m', '7m');
    const [first, second] = project.members as [Member, Member];
    await deliver(project, first);
    await deliver(project, second);
    const bad = await memberResult(archive.inbox, project, first, { revision: 2, files: [{ path: 'stray' }] });
    expect(await archive.client.submit(bad)).toMatchObject({ state: 'rejected' });
    await archive.client.memberWhen(first.uid, { revision: 2, state: 'rejected' });
    expect(await archive.client.group(project.group)).toMatchObject({
      ready: false,
      readiness: [{ number: 1, withdrawn: expect.any(Object) as object }],
    });
  });

  it('accepts the delivery of the group itself, linked to the revisions that it combines', async () => {
    const project = newProject('12m', '7m');
    const [first, second] = project.members as [Member, Member];
    await deliver(project, first);
    await deliver(project, second, { revision: 4 });
    const { id } = await archive.client.deliver(await groupResult(archive.inbox, project));
    const { combines, mode } = await archive.client.delivery(id);
    expect(mode).toBe('combination');
    expect(combines.map(({ ous, revision }) => [ous, revision])).toEqual([
      [first.uid, 1],
      [second.uid, 4],
    ]);
    expect(combines.map(({ delivery }) => delivery)).toEqual([
      (await archive.client.member(first.uid)).delivery,
      (await archive.client.member(second.uid)).delivery,
    ]);
    expect(await archive.client.group(project.group)).toMatchObject({ state: 'delivered', delivery: id, ready: true });
  });

  it.each(['FAIL', 'SEMIPASS'] as const)('records a %s and does nothing else', async (outcome) => {
    const project = newProject('12m', '7m');
    const [first, second] = project.members as [Member, Member];
    await deliver(project, first);
    await record(project, second, { outcome });
    const group = await groupWhen(project, second, 1);
    expect(group).toMatchObject({ ready: false, readiness: [] });
    expect(group.members[1]).toMatchObject({ state: 'not-delivered', outcome, delivery: null });
    expect(await archive.client.deliveries(second.uid)).toEqual([]);
    expect(await archive.client.mails(second.uid)).toEqual([]);
  });

  it('reports how a group differs from the composition of §2, and accepts it', async () => {
    const project = newProject('12m', '7m', '7m');
    for (const member of project.members) await deliver(project, member);
    const { remarks, ready } = await archive.client.group(project.group);
    expect(ready).toBe(true);
    expect(remarks).toEqual(['the group has 2 7m members; §2 specifies at most 1']);
  });

  it('keeps a member that a later message omits, and does not wait for it', async () => {
    const project = newProject('12m', '7m', 'TP');
    const [first, second, third] = project.members as [Member, Member, Member];
    await deliver(project, first);
    await deliver(project, second);
    const smaller: Project = { ...project, members: [first, second] };
    await deliver(smaller, second, { revision: 2 });
    const group = await archive.client.group(project.group);
    expect(group.members.map(({ uid }) => uid)).toEqual([first.uid, second.uid]);
    expect(group).toMatchObject({ ready: true });
    expect(await archive.client.member(third.uid)).toMatchObject({ state: 'awaited', group: project.group });
  });

  async function groupOrNull(project: Project): Promise<GroupOus | null> {
    return archive.client.group(project.group).catch(() => null);
  }
});
