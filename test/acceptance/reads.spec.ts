import { createHash } from 'node:crypto';
import {
  asdmListSchema,
  deliverySummarySchema,
  mailSchema,
  mailWithBodySchema,
  memberFileSchema,
  projectSchema,
  qa2StatusSchema,
} from '@almagest/contracts';
import { asdmDirectoryName, compareUids, toFileForm } from '@almagest/ous';
import createClient from 'openapi-fetch';
import { z } from 'zod';
import type { paths } from '../../docs/openapi/archive';
import { waitFor } from '../harness/wait-for';
import { Archive } from './harness/archive';
import { UNCONDITIONAL } from './harness/archive-client';
import { memberResult } from './harness/posting';
import { type Member, newProject, type Project, treeOf } from './harness/project';
import { sampleResult } from './harness/sample';

const READY = z.object({ ready: z.boolean(), services: z.record(z.string(), z.object({ ready: z.boolean() })) });
const ROUTES = [
  '/qa2-results',
  '/qa2-results/{id}',
  '/projects',
  '/projects/{code}',
  '/ous/{uid}',
  '/ous/{uid}/deliveries',
  '/ous/{uid}/asdms',
  '/deliveries/{id}',
  '/deliveries/{id}/report',
  '/deliveries/{id}/files',
  '/deliveries/{id}/parts/{name}',
  '/deliveries/{id}/files/{path}',
  '/mails',
  '/mails/{id}',
];

describe('the read API', () => {
  let archive: Archive;
  const projects: Project[] = [];
  const ids: string[] = [];

  beforeAll(async () => {
    archive = await Archive.start();
    for (let count = 0; count < 5; count++) projects.push(newProject('12m', '7m'));
    for (const project of projects) {
      const result = await memberResult(archive.inbox, project, project.members[0]);
      ids.push((await archive.client.deliver(result)).id);
    }
  });
  afterAll(() => archive.remove());

  describe('lists, page by page', () => {
    const codeSchema = z.object({ code: z.string() });

    it.each([1, 2, 5, 100])('return every project once, in order, %i at a time', async (limit) => {
      const pages = await archive.client.pages('/projects', codeSchema, limit);
      expect(pages.flat().map(({ code }) => code)).toEqual(projects.map(({ code }) => code).sort());
      expect(pages.slice(0, -1).filter((page) => page.length !== limit)).toEqual([]);
      expect(pages.at(-1)?.length).toBeGreaterThan(0);
    });

    it.each([1, 3, 100])('return every result once, newest first, %i at a time', async (limit) => {
      const listed = await archive.client.all('/qa2-results', qa2StatusSchema, limit);
      expect(listed.map(({ id }) => id)).toEqual(ids.toReversed());
      const [one] = await archive.client.all(`/qa2-results?ous=${projects[2]?.members[0].uid}`, qa2StatusSchema, limit);
      expect(one?.id).toBe(ids[2]);
    });

    it.each([1, 3, 100])('return every mail once, newest first, %i at a time', async (limit) => {
      const listed = await archive.client.all('/mails', mailSchema, limit);
      expect(new Set(listed.map(({ id }) => id)).size).toBe(2 * ids.length);
      const deliveries = listed.map(({ delivery }) => delivery);
      expect(deliveries).toEqual(ids.toReversed().flatMap((id) => [id, id]));
    });

    it.each([1, 4, 100])('return every file of a delivery once, ordered by path, %i at a time', async (limit) => {
      const listed = await archive.client.all(`/deliveries/${ids[0]}/files`, memberFileSchema, limit);
      const paths = listed.map(({ path }) => path);
      expect(paths).toEqual([...new Set(paths)].sort());
      expect(paths).toHaveLength((await archive.client.delivery(ids[0] ?? '')).files);
    });

    it('return every revision of an ObsUnitSet once, newest first', async () => {
      const project = projects[4] as Project;
      const [, member] = project.members as [Member, Member];
      for (const revision of [1, 2, 5]) {
        await archive.client.deliver(await memberResult(archive.inbox, project, member, { revision }));
      }
      for (const limit of [1, 2, 100]) {
        const path = `/ous/${toFileForm(member.uid)}/deliveries`;
        const listed = await archive.client.all(path, deliverySummarySchema, limit);
        expect(listed.map(({ revision, state }) => [revision, state])).toEqual([
          [5, 'current'],
          [2, 'replaced'],
          [1, 'replaced'],
        ]);
      }
    });

    it('are consistent when an item arrives between two pages', async () => {
      const first = z.object({ items: z.array(mailSchema), next: z.string() });
      const path = `/mails?ous=${encodeURIComponent(projects[3]?.members[0].uid ?? '')}&limit=1`;
      const page = await archive.client.get(path, first);
      const project = projects[3] as Project;
      await archive.client.deliver(await memberResult(archive.inbox, project, project.members[0], { revision: 2 }));
      const rest = await archive.client.all(`${path}&cursor=${page.next}`, mailSchema, 100);
      expect(rest.map(({ revision }) => revision)).toEqual([1]);
      expect(rest[0]?.id).not.toBe(page.items[0]?.id);
    });
  });

  describe('text that no stored name has', () => {
    const cursor = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString('base64url');

    it.each([
      ['NUL in the path of a file', (id: string) => `/deliveries/${id}/files/a%00b`, ''],
      ['NUL in the name of a part', (id: string) => `/deliveries/${id}/parts/a%00b`, ''],
      ['NUL in a role', (id: string) => `/deliveries/${id}/files?role=%00`, '/role'],
      ['NUL in a cursor', (id: string) => `/deliveries/${id}/files?cursor=${cursor(['a\0'])}`, '/cursor'],
      ['NUL in a cursor of projects', () => `/projects?cursor=${cursor(['\0'])}`, '/cursor'],
      ['a cursor beyond 64 bits', () => `/qa2-results?cursor=${cursor(['9'.repeat(19)])}`, '/cursor'],
      ['a cursor of mails beyond 64 bits', () => `/mails?cursor=${cursor(['9'.repeat(19)])}`, '/cursor'],
      ['a revision beyond 32 bits', () => `/ous/uid___A001_X1_X1/deliveries?cursor=${cursor([2 ** 40])}`, '/cursor'],
    ])('400 for %s', async (_name, pathOf, pointer) => {
      const problem = await archive.client.refusal(pathOf(ids[0] ?? ''));
      expect(problem.status).toBe(400);
      expect(problem.violations?.map((violation) => violation.pointer)).toEqual([pointer]);
    });
  });

  it('returns a project with its science goals, groups and members', async () => {
    const project = projects[0] as Project;
    const { code, scienceGoals } = await archive.client.get(`/projects/${project.code}`, projectSchema);
    expect(code).toBe(project.code);
    expect(scienceGoals.map(({ uid }) => uid)).toEqual([project.scienceGoal]);
    const groups = scienceGoals.flatMap((goal) => goal.groups);
    expect(groups).toEqual([await archive.client.group(project.group)]);
    expect(groups[0]?.members.map(({ uid, state }) => [uid, state])).toEqual([
      [project.members[0].uid, 'delivered'],
      [project.members[1]?.uid, 'awaited'],
    ]);
  });

  it('returns a mail as its recipient received it, without any address', async () => {
    const [listed] = await archive.client.mails((projects[1] as Project).members[0].uid);
    const mail = await archive.client.get(`/mails/${listed?.id}`, mailWithBodySchema);
    const received = (await archive.mailbox.about(mail.delivery ?? '')).find(
      ({ recipient }) => recipient === mail.recipient,
    );
    expect(mail.subject).toBe(received?.subject);
    const shown = received?.text.trim().replaceAll(/[\w.-]+@example\.org/g, '(address)');
    expect(mail.text.trim()).toBe(shown);
    expect(JSON.stringify(mail)).not.toContain('@example.org');
  });

  describe('the ASDMs of a MemberOUS', () => {
    it('are exactly its own, used and additional, with sizes and locations', async () => {
      const project = newProject('12m', '7m');
      const [member, sibling] = project.members as [Member, Member];
      const result = await memberResult(archive.inbox, project, member);
      const [used] = result.executionBlocks;
      if (used === undefined) throw new Error('the result has no execution block');
      const additional = {
        ...used,
        uid: (projects[0] as Project).members[0].executionBlock,
        use: 'additional' as const,
      };
      const extra = { ...additional, asdm: { ...used.asdm, size: 7 } };
      await archive.client.deliver({ ...result, executionBlocks: [used, extra] });
      await archive.client.deliver(await memberResult(archive.inbox, project, sibling));

      const { asdms, totalSize, ous } = await archive.client.get(
        `/ous/${toFileForm(member.uid)}/asdms`,
        asdmListSchema,
      );
      expect([ous, totalSize]).toEqual([member.uid, 1007]);
      const raw = `${treeOf(project, member)}/raw`;
      const expected = [
        { uid: used.uid, use: 'used', size: 1000 },
        { uid: extra.uid, use: 'additional', size: 7 },
      ];
      expect(asdms).toEqual(
        expected
          .sort((a, b) => compareUids(a.uid, b.uid))
          .map((block) => ({
            ...block,
            fileName: `${project.code}_${toFileForm(block.uid)}.asdm.sdm.tar`,
            unpacksTo: `${raw}/${asdmDirectoryName(block.uid)}`,
          })),
      );
      const others = await archive.client.get(`/ous/${toFileForm(sibling.uid)}/asdms`, asdmListSchema);
      expect(others.asdms.map(({ uid }) => uid)).toEqual([sibling.executionBlock]);
    });

    it('are those of its execution blocks, for the sample', async () => {
      const result = sampleResult('member12m');
      await archive.client.deliver(result);
      const path = `/ous/${toFileForm(result.member ?? result.group.uid)}/asdms`;
      const { asdms, totalSize } = await archive.client.get(path, asdmListSchema);
      expect(asdms.map(({ uid, size }) => [uid, size])).toEqual(
        result.executionBlocks.map(({ uid, asdm }) => [uid, asdm.size]),
      );
      expect(totalSize).toBe(2 * 3_819_520);
    });

    it('do not exist for a group, and the error says where to ask', async () => {
      const { group, members } = projects[0] as Project;
      const problem = await archive.client.refusal(`/ous/${toFileForm(group)}/asdms`);
      expect(problem).toMatchObject({ status: 404, code: 'request-handler.group-has-no-asdms' });
      for (const { uid } of members) expect(problem.detail).toContain(uid);
    });

    it('are those of the newest delivered revision', async () => {
      const project = newProject('12m');
      const [member] = project.members;
      await archive.client.deliver(await memberResult(archive.inbox, project, member));
      const other: Member = { ...member, executionBlock: (projects[1] as Project).members[0].executionBlock };
      await archive.client.deliver(await memberResult(archive.inbox, project, other, { revision: 2 }));
      const { asdms } = await archive.client.get(`/ous/${toFileForm(member.uid)}/asdms`, asdmListSchema);
      expect(asdms.map(({ uid }) => uid)).toEqual([other.executionBlock]);
    });
  });

  it('serves the result of an asynchronous query with ranges and its digest, to its owner alone', async () => {
    const post = (path: string, form: Record<string, string>): Promise<Response> =>
      archive.client.request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(form).toString(),
      });
    const QUERY = 'SELECT DISTINCT proposal_id FROM ivoa.obscore ORDER BY proposal_id';
    const created = await post('/tap/async', { QUERY, FORMAT: 'tsv', PHASE: 'RUN' });
    expect(created.status).toBe(303);
    const { pathname } = new URL(created.headers.get('location') ?? '');
    const text = async (path: string): Promise<string> => (await archive.client.request(path)).text();
    await waitFor('the query to end', async () => (await text(`${pathname}?WAIT=-1`)).includes('>COMPLETED<'));
    expect(await text('/tap/async')).toContain(pathname);
    const result = `${pathname}/results/result`;
    const whole = Buffer.from(await (await archive.client.request(result)).arrayBuffer());
    const head = await archive.client.request(result, { method: 'HEAD' });
    const digest = `sha-256=:${createHash('sha256').update(whole).digest('base64')}:`;
    const names = ['content-length', 'content-type', 'repr-digest', 'accept-ranges', 'content-encoding'];
    expect(names.map((name) => head.headers.get(name))).toEqual([
      String(whole.length),
      'text/tab-separated-values',
      digest,
      'bytes',
      null,
    ]);
    const range = await archive.client.request(result, { headers: { range: 'bytes=3-' } });
    expect([range.status, await range.text()]).toEqual([206, whole.subarray(3).toString()]);
    for (const path of [pathname, result]) {
      expect((await archive.client.request(path, { token: null })).status).toBe(404);
    }
    expect((await archive.client.request(pathname, { method: 'DELETE' })).status).toBe(303);
    expect((await archive.client.request(result)).status).toBe(404);
    expect(await archive.stored('search')).toEqual([]);
  });

  describe('about the archive itself', () => {
    it('returns liveness and readiness, without a token', async () => {
      const live = await archive.client.request('/health/live', { token: null });
      expect([live.status, await live.json()]).toEqual([200, { status: 'ok' }]);
      const ready = await archive.client.request('/health/ready', { token: null });
      expect(ready.status).toBe(200);
      const { services } = READY.parse(await ready.json());
      expect(Object.keys(services).sort()).toEqual([
        'catalogue',
        'ingest',
        'intake',
        'notifier',
        'request-handler',
        'search',
      ]);
    });

    it('returns its metrics in the format of Prometheus', async () => {
      const response = await fetch(new URL('/metrics', await archive.urlOf('intake')));
      expect(response.headers.get('content-type')).toMatch(/^text\/plain; (?:charset=utf-8; )?version=0\.0\.4/);
      const text = await response.text();
      const sample =
        /^[a-zA-Z_:][\w:]*(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (?:[-+]?[\d.]+(?:e[-+]?\d+)?|NaN|[-+]Inf)$/;
      const comment = /^# (?:HELP [\w:]+ .+|TYPE [\w:]+ (?:counter|gauge|histogram|summary|untyped))$/;
      const lines = text.split('\n').filter((line) => line !== '');
      expect(lines.filter((line) => !sample.test(line) && !comment.test(line))).toEqual([]);
      const published = /^almagest_outbox_published_total\{service="intake"\} (\d+)$/m.exec(text)?.[1];
      expect(Number(published)).toBeGreaterThanOrEqual(ids.length);
      expect(text).toMatch(/^almagest_outbox_failures_in_a_row\{service="intake"\} 0$/m);
      expect(text).not.toContain('@example.org');
    });

    it('returns the links of an ObsUnitSet by DataLink, to GET and POST, and says what is wrong', async () => {
      const uid = (projects[0] as Project).members[0].uid;
      const links = async (query: string, body?: URLSearchParams): Promise<[number, string | null, string]> => {
        const options = body === undefined ? {} : { method: 'POST', body };
        const answer = await fetch(`${archive.client.url}/datalink/${query}`, options);
        return [answer.status, answer.headers.get('content-type'), await answer.text()];
      };
      const got = await links(`sync?ID=${uid}`);
      expect(got.slice(0, 2)).toEqual([200, 'application/x-votable+xml;content=datalink']);
      expect(got[2]).toContain('<INFO name="standardID" value="ivo://ivoa.net/std/DataLink#links-1.1"/>');
      expect(got[2]).toMatch(/<TD>#this<\/TD>.*<TD>optional<\/TD><TD>true<\/TD>/);
      expect(await links('sync', new URLSearchParams({ ID: uid }))).toEqual(got);
      const csv = await links(`sync?ID=${uid}&RESPONSEFORMAT=csv`);
      expect(csv.slice(1).join()).toMatch(/^text\/csv;header=present.*,ID,access_url/);
      const wrong = await links(`sync?ID=${uid}&MAXREC=many`);
      expect([wrong[0], wrong[2]]).toEqual([400, expect.stringContaining("UsageFault: MAXREC is 'many'")]);
      expect((await links('capabilities'))[2]).toContain('ivo://ivoa.net/std/DataLink#links-1.1');
      expect((await links('availability'))[2]).toContain('<vosi:available>true</vosi:available>');
    });

    it('returns what it covers and its public data to pages of other sites, and nothing else', async () => {
      const [id] = ids;
      const ask = (path: string, options: RequestInit = {}): Promise<Response> =>
        fetch(`${archive.client.url}${path}`, options);
      const map = await ask('/moc?format=json');
      expect([map.status, await map.json()]).toEqual([
        200,
        { '10': expect.arrayContaining([expect.any(Number)]) as unknown },
      ]);
      const headers = { 'if-none-match': map.headers.get('etag') ?? '', origin: 'https://pages.example' };
      const again = await ask('/moc?format=json', { headers });
      expect([again.status, again.headers.get('access-control-allow-origin')]).toEqual([304, '*']);
      expect((await ask('/moc')).headers.get('content-type')).toBe('application/fits');
      expect((await ask('/moc?project=1999.1.00001.S')).status).toBe(404);
      expect((await ask('/moc?band=11')).status).toBe(400);
      const preflight = await ask('/tap/sync', { method: 'OPTIONS', headers: { origin: 'https://pages.example' } });
      expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([
        204,
        'GET, HEAD, POST',
      ]);
      const files = await ask(`/deliveries/${id}/files`, { headers });
      expect([files.status, files.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
      for (const path of ['/mails', '/qa2-results', '/upkeep/dead-letters']) {
        expect([path, (await ask(path)).headers.get('access-control-allow-origin')]).toEqual([path, null]);
      }
      const oai = await ask('/oai?verb=Identify');
      expect([oai.status, await oai.text()]).toEqual([404, expect.stringContaining('lacks REGISTRY_AUTHORITY')]);
    });

    it('can be read by a client that is generated from its OpenAPI document', async () => {
      const client = createClient<paths>({
        baseUrl: archive.client.url,
        headers: { authorization: archive.client.authorization },
      });
      const [project] = projects as [Project];
      const [id = ''] = ids;
      const ous = project.members[0].uid;
      const listed = await client.GET('/qa2-results', { params: { query: { ous, limit: 2 } } });
      expect(listed.data?.items.map((result) => result.id)).toEqual([id]);
      const delivery = await client.GET('/deliveries/{id}', { params: { path: { id } } });
      expect(delivery.data?.partList[0]?.url).toMatch(/^\/deliveries\//);
      const unknown = await client.GET('/projects/{code}', { params: { path: { code: '1999.1.00001.S' } } });
      expect(unknown.error?.code).toBe('catalogue.project-unknown');
      const body = { ...(await memberResult(archive.inbox, project, project.members[0])), revision: 0 };
      const posted = await client.POST('/qa2-results', { body });
      expect(posted.error?.violations?.map(({ pointer }) => pointer)).toEqual(['/revision']);
    });

    it('returns one OpenAPI document with every route and its errors', async () => {
      const operation = z.object({
        summary: z.string(),
        responses: z.record(z.string(), z.unknown()),
        'x-right': z.string(),
      });
      const documentSchema = z.object({
        openapi: z.string().regex(/^3\./),
        paths: z.record(z.string(), z.record(z.string(), operation)),
      });
      const response = await archive.client.request('/openapi.json', { token: null });
      const { paths } = documentSchema.parse(await response.json());
      expect(Object.keys(paths)).toEqual(expect.arrayContaining(ROUTES));
      expect(Object.keys(paths['/qa2-results'] ?? {}).sort()).toEqual(['get', 'post']);
      const refusals = Object.keys(paths['/qa2-results']?.['post']?.responses ?? {});
      expect(refusals).toEqual(expect.arrayContaining(['200', '202', '400', '401', '403', '409', '413', '415']));
      for (const [path, operations] of Object.entries(paths)) {
        for (const { responses, summary, ...operation } of Object.values(operations)) {
          const right = operation['x-right'];
          const ofPublic = UNCONDITIONAL.test(path) ? ['200'] : ['400'];
          const ofGuard =
            right === 'public' ? ofPublic : right.startsWith('data of ') ? ['401', '404'] : ['401', '403'];
          expect([path, Object.keys(responses)]).toEqual([path, expect.arrayContaining(ofGuard)]);
          expect(summary).not.toBe('');
        }
      }
    });
  });
});
