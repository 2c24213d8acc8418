import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeliveryLinks } from '@almagest/access';
import { asdmDirectoryName, rawTarName } from '@almagest/ous';
import type { Qa2Result, Qa2Status } from '@almagest/contracts';
import { Archive } from './harness/archive';
import { CommandLine } from './harness/command-line';
import { tarOf } from './harness/delivery-files';
import { textOfHtml } from './harness/mail-text';
import { groupResult, memberResult, putFile } from './harness/posting';
import { type Member, newProject, type Project, treeOf } from './harness/project';
import { RawClient } from './harness/raw-client';
import { waitFor } from '../harness/wait-for';

const REASON = 'The flux scale is wrong by a factor of 1.4 <see the note>.';

describe('a withdrawal', () => {
  let archive: Archive;
  beforeAll(async () => {
    archive = await Archive.start();
  });
  afterAll(() => archive?.remove());

  const memberOf = (project: Project, index = 0): Member => {
    const member = project.members[index];
    if (member === undefined) throw new Error(`no member ${index}`);
    return member;
  };
  /** Returns a result with one ASDM that can be staged. */
  const withRaw = async (project: Project, member: Member, revision = 1): Promise<Qa2Result> => {
    const tree = `${treeOf(project, member)}/raw/${asdmDirectoryName(member.executionBlock)}`;
    const tar = await tarOf([{ path: `${tree}/ASDM.xml`, content: '<ASDM/>' }]);
    const name = rawTarName(project.code, member.executionBlock);
    const asdm = { size: tar.length, location: await putFile(join(archive.inbox, 'raw'), name, tar) };
    return {
      ...(await memberResult(archive.inbox, project, member, { revision })),
      executionBlocks: [{ uid: member.executionBlock, use: 'used', asdm }],
      releaseDate: null,
    };
  };
  const fail = async (project: Project, member: Member, revision: number, reason?: string): Promise<Qa2Status> => {
    const options = { revision, outcome: 'FAIL' as const, ...(reason === undefined ? {} : { reason }) };
    const failed = await memberResult(archive.inbox, project, member, options);
    const posted = await archive.client.post(failed);
    if (!('result' in posted)) throw new Error(JSON.stringify(posted));
    return posted.result;
  };
  const withdrawn = async (id: string): Promise<Qa2Status> =>
    waitFor(`${id} to be withdrawn`, async () => {
      const status = await archive.client.status(id);
      return status.state === 'withdrawn' && status;
    });
  const mailsAbout = async (id: string, count: number): ReturnType<Archive['mailbox']['about']> =>
    waitFor(`${count} mails about ${id}`, async () => {
      const mails = await archive.mailbox.about(id);
      return mails.length >= count && mails;
    });

  it('withdraws a delivery: unreadable, out of its group, kept in the object store, and a mail to each recipient', async () => {
    const project = newProject('12m', '7m');
    const [first, second] = [memberOf(project), memberOf(project, 1)];
    const result = await withRaw(project, first);
    const { id } = await archive.client.deliver(result);
    await archive.client.deliver(await memberResult(archive.inbox, project, second));
    const raw = new RawClient(archive.client);
    const { request } = await raw.request({ ous: first.uid });
    await raw.settled(request.id);
    const links = DeliveryLinks.parse(await readFile(join(archive.home, 'link-keys'), 'utf8'), 'link-keys');
    const expires = new Date(Date.now() + 3_600_000);
    const link = links.sign({ id: '11111111-1111-4111-8111-111111111111', delivery: id, expires });
    const combined = await archive.client.deliver(await groupResult(archive.inbox, project));

    const failed = await fail(project, first, 2, REASON);
    const status = await withdrawn(id);
    expect(status.settled).toBe(true);
    expect(status.history.at(-1)).toMatchObject({
      state: 'withdrawn',
      detail: `revision 2 has QA2 outcome FAIL: ${REASON}`,
    });
    const entries = await waitFor('the FAIL to record what it did', async () => {
      const { history } = await archive.client.status(failed.id);
      return history.length > 1 && history;
    });
    expect(entries.map(({ state, detail }) => [state, detail])).toEqual([
      ['recorded', null],
      ['recorded', `it withdraws revision 1 (${id})`],
    ]);

    expect(await archive.client.deliveries(first.uid)).toMatchObject([
      { id, state: 'withdrawn', withdrawn: { revision: 2, at: expect.any(String) as string } },
    ]);
    expect(await archive.client.member(first.uid)).toMatchObject({ state: 'not-delivered', delivery: null });
    expect(await archive.client.group(project.group)).toMatchObject({ ready: false });
    const kept = await archive.stored(`${project.code}`);
    for (const name of ['manifest.jsonl', 'withdrawn.json', result.parts?.[0]?.name ?? '']) {
      expect(kept.some((key) => key.includes('/r1/') && key.endsWith(`/${name}`))).toBe(true);
    }

    const part = result.parts?.[0]?.name ?? '';
    const asdm = rawTarName(project.code, first.executionBlock);
    const paths = [
      `/deliveries/${id}/files`,
      `/deliveries/${id}/report`,
      `/deliveries/${id}/parts/${part}`,
      `/deliveries/${id}/parts/${part}/link`,
      `/deliveries/${id}/files/${project.code}/README`,
      `/raw-requests/${request.id}`,
      `/raw-requests/${request.id}/download.sh`,
      `/raw-requests/${request.id}/files/${asdm}`,
    ];
    for (const path of paths) {
      expect(await archive.client.refusal(path)).toMatchObject({ status: 410, code: 'auth.withdrawn' });
      const { status: code, detail } = await archive.client.refusal(`${path}?link=${link}`, { token: null });
      expect([path, code, detail]).toEqual([
        path,
        410,
        expect.stringMatching(/^Revision 1 of uid\S+ was withdrawn on \S+: QA2 decided FAIL for revision 2, because: /),
      ]);
      expect((await archive.client.refusal(path, { token: null })).status).toBe(401);
    }
    expect((await archive.client.refusal(`/raw-requests/${request.id}/retry`, { method: 'POST' })).status).toBe(410);
    expect(await raw.refusal({ ous: first.uid })).toMatchObject({ status: 410, code: 'auth.withdrawn' });
    const newLink = await archive.client.refusal(`/deliveries/${id}/links`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(newLink).toMatchObject({ status: 410, code: 'catalogue.delivery-withdrawn' });

    const mails = (await mailsAbout(id, 4)).filter(({ subject }) => subject.includes('withdrawn'));
    expect(mails.map(({ to, recipient }) => [to, recipient])).toEqual(
      [...project.recipients].sort((a, b) => (a.email < b.email ? -1 : 1)).map(({ email, name }) => [email, name]),
    );
    for (const { text, html, subject } of mails) {
      expect(subject).toBe(`ALMA project ${project.code}: revision 1 of MemberOUS ${first.uid} is withdrawn`);
      const [words, seen] = [text, textOfHtml(html)].map((body) => body.replaceAll(/\s+/g, ' '));
      for (const body of [words ?? '', seen ?? '']) {
        expect(body).toContain(REASON);
        expect(body).toContain(result.parts?.[0]?.sha256);
        expect(body).toContain(`${treeOf(project, first)}/`);
        expect(body).toContain(`(delivery ${combined.id}) was made with these data`);
        expect(body).toContain('https://help.almascience.org/');
        expect(body).not.toMatch(/undefined|null|\[object|link=/);
      }
    }
    expect(await archive.mailbox.about(id)).toHaveLength(4);
  });

  it('happens once, even after a second FAIL, and ends with a later PASS that names the withdrawn revision', async () => {
    const project = newProject('12m');
    const member = memberOf(project);
    const { id } = await archive.client.deliver(await withRaw(project, member));
    const failed = await fail(project, member, 2);
    expect((await fail(project, member, 2)).id).toBe(failed.id);
    await withdrawn(id);
    await fail(project, member, 3);
    await archive.client.memberWhen(member.uid, { revision: 3, state: 'not-delivered' });
    const next = await archive.client.deliver(await withRaw(project, member, 4));
    expect(await archive.client.deliveries(member.uid)).toMatchObject([
      { id: next.id, revision: 4, state: 'current', withdrawn: null },
      { id, revision: 1, state: 'withdrawn' },
    ]);
    expect((await archive.mailbox.about(id)).filter(({ subject }) => subject.includes('withdrawn'))).toHaveLength(2);
    for (const { text } of await archive.mailbox.about(next.id)) {
      expect(text.replaceAll('\n', ' ')).toMatch(
        /a new delivery, revision 4\. It replaces revision 1, which was delivered on \S+ and withdrawn on \d{4}/,
      );
    }
    // Raw data requested with the old delivery stay unavailable; they can be requested with the new one.
    const raw = new RawClient(archive.client);
    const { request } = await raw.request({ ous: member.uid });
    expect((await raw.settled(request.id)).state).toBe('staged');
    expect((await archive.client.request(`/deliveries/${next.id}/files`)).status).toBe(200);
    expect((await archive.client.refusal(`/deliveries/${id}/files`)).status).toBe(410);
  });

  it('is rejected with a clear message for a revision below the newest', async () => {
    const project = newProject('12m');
    const member = memberOf(project);
    const { id } = await archive.client.deliver(await memberResult(archive.inbox, project, member, { revision: 3 }));
    const late = await memberResult(archive.inbox, project, member, { revision: 2, outcome: 'FAIL' });
    expect(await archive.client.post(late)).toMatchObject({
      status: 409,
      problem: { code: 'intake.revision-superseded' },
    });
    expect(await archive.client.delivery(id)).toMatchObject({ state: 'current', withdrawn: null });
  });

  it('stops a delivery in progress: it never becomes visible, and nobody gets a mail', async () => {
    const project = newProject('12m');
    const member = memberOf(project);
    const result = await memberResult(archive.inbox, project, member);
    const part = fileURLToPath(result.parts?.[0]?.location ?? '');
    await rename(part, `${part}.not-yet`);
    const posted = await archive.client.post(result);
    const id = 'result' in posted ? posted.result.id : '';
    const failed = await fail(project, member, 2);
    await archive.client.memberWhen(member.uid, { revision: 2, state: 'not-delivered' });
    await rename(`${part}.not-yet`, part);
    const { history } = await withdrawn(id);
    expect(history.map(({ state }) => state)).toEqual(['accepted', 'stored', 'withdrawn']);
    expect((await archive.client.refusal(`/deliveries/${id}/files`)).status).toBe(410);
    expect(await archive.client.mails(member.uid)).toEqual([]);
    expect((await archive.client.status(failed.id)).state).toBe('recorded');
  });

  it('with a reason requires a FAIL', async () => {
    const project = newProject('12m');
    const result = await memberResult(archive.inbox, project, memberOf(project), { reason: 'why?' });
    const posted = await archive.client.post(result);
    expect(posted).toMatchObject({ status: 400, problem: { violations: [{ pointer: '/reason' }] } });
  });

  it('is shown by the command line, which fetches none of it', async () => {
    const project = newProject('12m');
    const member = memberOf(project);
    const { id } = await archive.client.deliver(await memberResult(archive.inbox, project, member));
    await fail(project, member, 2, REASON);
    await withdrawn(id);
    const at = ['--server', archive.client.url, '--token-file', join(archive.home, 'service-tokens')];
    const listed = await CommandLine.run('ls', member.uid, ...at);
    expect(listed.stdout).toMatch(new RegExp(`^${id.slice(0, 8)} .* withdrawn `, 'm'));
    const one = await CommandLine.run('ls', id, ...at);
    expect(one.stdout).toMatch(/state +withdrawn .*: revision 2 has QA2 outcome FAIL/);
    const status = await CommandLine.run('status', id, ...at);
    expect(status.stdout).toContain(REASON);
    const fetched = await CommandLine.run('fetch', member.uid, '--into', join(archive.outside, 'f'), ...at);
    expect(fetched.exitCode).toBe(1);
    expect(fetched.stderr).toMatch(/revision 1 of uid\S+ was withdrawn on \d{4}-\d\d-\d\d/);
    const byId = await CommandLine.run('fetch', id, '--into', join(archive.outside, 'f'), ...at);
    expect([byId.exitCode, byId.stderr]).toEqual([1, expect.stringContaining('was withdrawn on')]);
  });
});
