import { Archive } from '../acceptance/harness/archive';
import { memberResult } from '../acceptance/harness/posting';
import { newProject } from '../acceptance/harness/project';
import { waitFor } from '../harness/wait-for';

describe('a withdrawal in an archive that is killed just after it wrote the note to the object store', () => {
  let archive: Archive;
  afterAll(() => archive?.remove());

  it('is completed once after the restart', async () => {
    archive = await Archive.start({ failpoint: 'catalogue.withdrawal-noted' });
    const project = newProject('12m');
    const [member] = project.members;
    const { id } = await archive.client.deliver(await memberResult(archive.inbox, project, member));
    const failed = await memberResult(archive.inbox, project, member, { revision: 2, outcome: 'FAIL' });
    await archive.client.post(failed).catch(() => undefined);
    await archive.died();
    await archive.launch();
    await waitFor('the withdrawal', async () => (await archive.client.status(id)).state === 'withdrawn');
    await waitFor('its mails', async () => (await archive.mailbox.about(id)).length === 4);
    expect((await archive.client.status(id)).history.filter(({ state }) => state === 'withdrawn')).toHaveLength(1);
    expect(await archive.client.deliveries(member.uid)).toMatchObject([{ id, state: 'withdrawn' }]);
  });
});
