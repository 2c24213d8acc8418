import { metadataHistorySchema, type Qa2Result, recordedMetadataSchema } from '@almagest/contracts';
import { productTarName, toFileForm } from '@almagest/ous';
import { Archive } from './harness/archive';
import { memberFiles } from './harness/delivery-files';
import { textOfHtml } from './harness/mail-text';
import { memberResult } from './harness/posting';
import { newProject } from './harness/project';

describe('posting a result more than once', () => {
  let archive: Archive;
  beforeAll(async () => {
    archive = await Archive.start();
  });
  afterAll(() => archive.remove());

  it('takes effect once, however often and concurrently the same content is posted', async () => {
    const project = newProject('12m', '7m');
    const [member] = project.members;
    const result = await memberResult(archive.inbox, project, member);
    const posts = await Promise.all(Array.from({ length: 50 }, () => archive.client.post(result)));
    const ids = posts.map((post) => ('result' in post ? post.result.id : post.problem));
    expect(posts.map(({ status }) => status).sort()).toEqual([...Array<number>(49).fill(200), 202]);
    expect(new Set(ids).size).toBe(1);
    const [id = ''] = ids as string[];
    expect(posts.map(({ location }) => location)).toEqual(Array<string>(50).fill(`/qa2-results/${id}`));

    expect((await archive.client.settled(id)).history.map(({ state }) => state)).toEqual([
      'accepted',
      'stored',
      'catalogued',
      'notified',
    ]);
    expect((await archive.client.deliveries(member.uid)).map((delivery) => delivery.id)).toEqual([id]);
    expect((await archive.mailbox.about(id)).map(({ to }) => to).sort()).toEqual(
      project.recipients.map(({ email }) => email).sort(),
    );
    expect(await archive.client.mails(member.uid)).toHaveLength(project.recipients.length);
  });

  it('recognises the same content after it is settled, in any order of its fields', async () => {
    const project = newProject('12m');
    const [member] = project.members;
    const result = await memberResult(archive.inbox, project, member);
    const { id, history } = await archive.client.deliver(result);
    const reversed = Object.fromEntries(Object.entries(result).reverse());
    const again = await archive.client.post(reversed);
    expect(again).toMatchObject({ status: 200, location: `/qa2-results/${id}`, result: { id, state: 'notified' } });
    expect((await archive.client.status(id)).history).toEqual(history);
    expect(await archive.mailbox.about(id)).toHaveLength(2);
  });

  it('rejects different content with a known revision, and says where it differs', async () => {
    const project = newProject('12m');
    const [member] = project.members;
    const result = await memberResult(archive.inbox, project, member);
    const { id } = await archive.client.deliver(result);
    const other: Qa2Result = {
      ...result,
      decidedAt: '2014-12-06T08:50:00Z',
      recipients: result.recipients.map((each) => ({ ...each, name: `${each.name} Jr` })),
      releaseDate: null,
    };
    const posted = await archive.client.post(other);
    expect(posted).toMatchObject({ status: 409, problem: { code: 'intake.content-conflict' } });
    expect('problem' in posted && posted.problem.differences?.toSorted()).toEqual([
      '/decidedAt',
      '/recipients/0/name',
      '/recipients/1/name',
      '/releaseDate',
    ]);
    expect('problem' in posted && posted.problem.differingValues).toContainEqual({
      pointer: '/releaseDate',
      recorded: result.releaseDate,
      posted: null,
    });
    expect(await archive.client.deliveries(member.uid)).toHaveLength(1);
    expect(await archive.mailbox.about(id)).toHaveLength(2);
  });

  it('replaces a revision with the next, in catalogue and mail', async () => {
    const project = newProject('12m');
    const [member] = project.members;
    const first = await archive.client.deliver(await memberResult(archive.inbox, project, member));
    const files = (await memberFiles(project, member)).map((file) =>
      file.path.endsWith('/log/imaging.log') ? { ...file, content: 'imaged again\n' } : file,
    );
    const second = await archive.client.deliver(
      await memberResult(archive.inbox, project, member, { revision: 2, files }),
    );
    expect(await archive.client.deliveries(member.uid)).toMatchObject([
      { id: second.id, revision: 2, state: 'current', replacedAt: null },
      { id: first.id, revision: 1, state: 'replaced', replacedAt: expect.any(String) as string },
    ]);
    expect(await archive.client.member(member.uid)).toMatchObject({ revision: 2, delivery: second.id });
    const log = `${files[0]?.path.replace('README', 'log/imaging.log')}`;
    expect((await archive.client.download(`/deliveries/${second.id}/files/${log}`)).toString()).toBe('imaged again\n');
    expect((await archive.client.download(`/deliveries/${first.id}/files/${log}`)).toString()).toBe('imaging done\n');
    for (const { subject, text, html } of await archive.mailbox.about(second.id)) {
      expect(subject).toContain('delivered again (revision 2)');
      expect(text).toMatch(/^ *Revision: +2$/m);
      for (const body of [text, textOfHtml(html)].map((words) => words.replaceAll(/\s+/g, ' '))) {
        expect(body).toContain('This is a new delivery, revision 2. It replaces revision 1, which was delivered on');
        expect(body).toContain(`The files, compared by SHA-256: 1 changed, ${files.length - 1} unchanged.`);
        expect(body).toContain(`changed ${log}`);
        expect(body).toContain(`changed ${productTarName(project.code, member.uid, 1, 1)}`);
        expect(body).toContain(`its delivery id is ${first.id}`);
      }
    }
    expect(await archive.mailbox.about(second.id)).toHaveLength(2);
    expect(await archive.mailbox.about(first.id)).toHaveLength(2);
  });

  it('rejects a revision below the newest', async () => {
    const project = newProject('12m');
    const [member] = project.members;
    await archive.client.deliver(await memberResult(archive.inbox, project, member, { revision: 3 }));
    const posted = await archive.client.post(await memberResult(archive.inbox, project, member, { revision: 2 }));
    expect(posted).toMatchObject({ status: 409, problem: { code: 'intake.revision-superseded' } });
    expect((await archive.client.deliveries(member.uid)).map(({ revision }) => revision)).toEqual([3]);
    const recorded = `/qa2-results?ous=${encodeURIComponent(member.uid)}`;
    expect(await (await archive.client.request(recorded)).json()).toMatchObject({ items: [{ revision: 3 }] });
    expect(await archive.client.member(member.uid)).toMatchObject({ uid: member.uid, revision: 3 });
    expect(toFileForm(member.uid)).toMatch(/^uid___/);
  });

  it('records the metadata of a project once per revision, from a QA2 result or put later', async () => {
    const project = newProject('12m');
    const [member] = project.members;
    const result = await memberResult(archive.inbox, project, member);
    const metadata = { revision: 1, title: 'A first title', pi: { name: 'Vera Rubin' }, showNames: false };
    const [block] = result.executionBlocks;
    const executionBlocks = block && [{ ...block, observation: { pwv: 0.9, exposure: 60 } }];
    await archive.client.deliver({ ...result, metadata, executionBlocks: executionBlocks ?? [] });
    const path = `/projects/${project.code}/metadata`;
    const put = (document: object): Promise<Response> =>
      archive.client.request(path, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(document),
      });
    expect(await archive.client.get(path, recordedMetadataSchema)).toMatchObject({
      source: 'qa2-result',
      metadata: { title: 'A first title' },
    });
    const observation = { start: '2014-11-23T10:00:00Z', pwv: 1.1 };
    const next = {
      revision: 2,
      title: 'A title',
      pi: { name: 'Vera Rubin' },
      executionBlocks: [{ uid: block?.uid, ...observation }],
    };
    const answers = await Promise.all([put(next), put(next), put(next)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const conflict = await put({ ...next, title: 'Another title' });
    expect([conflict.status, await conflict.json()]).toEqual([
      409,
      expect.objectContaining({ code: 'catalogue.metadata-conflict', differences: ['/title'] }),
    ]);
    const everyone = await archive.client.request(path, { token: null });
    expect(await everyone.json()).toMatchObject({
      source: 'request',
      namesShown: false,
      metadata: { title: 'A title' },
    });
    const entries = await archive.client.all(`${path}/history`, metadataHistorySchema);
    expect(entries.map(({ state, metadata: { revision } }) => [revision, state])).toEqual([
      [2, 'current'],
      [1, 'replaced'],
    ]);
    expect((await archive.client.member(member.uid)).executionBlocks).toMatchObject([
      { observation: { exposure: 60, ...observation } },
    ]);
  });

  it('ends with the newest revision when several are posted at once', async () => {
    const project = newProject('12m');
    const [member] = project.members;
    const results = await Promise.all(
      [1, 2, 3, 4].map((revision) => memberResult(archive.inbox, project, member, { revision })),
    );
    const posted = await Promise.all(results.map((result) => archive.client.post(result)));
    const ids = posted.flatMap((post) => ('result' in post ? [post.result.id] : []));
    expect(posted.map(({ status }) => status).filter((status) => status !== 202 && status !== 409)).toEqual([]);
    const settled = await Promise.all(ids.map((id) => archive.client.settled(id)));
    const newest = settled.find(({ revision }) => revision === 4);
    expect(newest?.state).toBe('notified');
    expect(settled.filter(({ state }) => state !== 'notified' && state !== 'superseded')).toEqual([]);
    const deliveries = await archive.client.deliveries(member.uid);
    expect(deliveries.filter(({ state }) => state === 'current').map(({ id }) => id)).toEqual([newest?.id]);
    expect(deliveries).toHaveLength(ids.length);
  });
});
