import { Archive } from './harness/archive';
import { memberResult } from './harness/posting';
import { type Member, newProject } from './harness/project';

describe('an archive with the policy to deliver SEMIPASS', () => {
  let archive: Archive;
  beforeAll(async () => {
    archive = await Archive.start({ env: { DELIVER_SEMIPASS: 'true' } });
  });
  afterAll(() => archive.remove());

  it('delivers and labels a SEMIPASS, but does not make its group ready', async () => {
    const project = newProject('12m', '7m');
    const [first, second] = project.members as [Member, Member];
    await archive.client.deliver(await memberResult(archive.inbox, project, first));
    const { id } = await archive.client.deliver(
      await memberResult(archive.inbox, project, second, { outcome: 'SEMIPASS' }),
    );
    expect(await archive.client.delivery(id)).toMatchObject({ state: 'current', outcome: 'SEMIPASS' });
    expect((await archive.mailbox.about(id)).map(({ subject }) => subject.includes('QA2 SEMIPASS'))).toEqual([
      true,
      true,
    ]);
    expect(await archive.client.group(project.group)).toMatchObject({ ready: false, readiness: [] });
  });

  it('does not deliver a FAIL', async () => {
    const project = newProject('12m');
    const [member] = project.members;
    const failed = await memberResult(archive.inbox, project, member, { outcome: 'FAIL' });
    expect(await archive.client.submit(failed)).toMatchObject({ state: 'recorded', settled: true });
    expect(await archive.client.memberWhen(member.uid, { revision: 1, state: 'not-delivered' })).toMatchObject({
      outcome: 'FAIL',
      delivery: null,
    });
  });
});
