import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeliveryLinks } from '@almagest/access';
import { deliveryLinkSchema, mailSchema, memberFileSchema, type Qa2Result } from '@almagest/contracts';
import { asdmDirectoryName, rawTarName, toFileForm, type Uid } from '@almagest/ous';
import { Issuer } from '@almagest/access/testing/issuer';
import { z } from 'zod';
import { Archive } from './harness/archive';
import type { RequestOptions } from './harness/archive-client';
import { tarOf } from './harness/delivery-files';
import { memberResult, putFile } from './harness/posting';
import { newProject, treeOf } from './harness/project';
import { RawClient } from './harness/raw-client';

const SERVICE = 'pipeline-token-0123456789abcdef';
const SUBMITTER = 'submitter-token-0123456789abcdef';
const HOUR_MS = 3_600_000;

const STATES = ['proprietary', 'never released', 'released'] as const;
const CALLERS = [
  'nobody',
  'PI of another project',
  'own PI',
  'service',
  'service that only submits',
  'own link',
  'expired link',
  'link of another delivery',
  'revoked link',
] as const;
type State = (typeof STATES)[number];
type Caller = (typeof CALLERS)[number];

const RELEASE_DATES: Record<State, string | null> = {
  proprietary: '2999-12-31',
  'never released': null,
  released: '2015-12-05',
};

/** The answer to a caller who may not read some data, whether they exist or not. */
const REFUSALS: Partial<Record<Caller, number>> = {
  nobody: 401,
  'PI of another project': 404,
  'service that only submits': 404,
  'expired link': 401,
  'revoked link': 401,
  'link of another delivery': 404,
};

const operationSchema = z.object({ 'x-right': z.string() });
const openApiSchema = z.object({ paths: z.record(z.string(), z.record(z.string(), operationSchema)) });

interface Route {
  method: string;
  path: string;
  right: string;
}

/** A delivery, and the values of the route parameters for it. */
interface Delivered {
  id: string;
  project: string;
  ous: Uid;
  part: string;
  file: string;
  /** A request for its staged raw data, and the name of their tar. */
  rawRequest: string;
  rawTar: string;
  /** The addresses that received the mail about it. */
  recipients: string[];
}

describe('rights', () => {
  let archive: Archive;
  let issuer: Issuer;
  let links: DeliveryLinks;
  let routes: Route[];
  const delivered = new Map<State, Delivered>();

  const deliver = async (releaseDate: string | null): Promise<Delivered> => {
    const project = newProject('12m', '7m');
    const [member] = project.members;
    const rawTar = rawTarName(project.code, member.executionBlock);
    const tree = `${treeOf(project, member)}/raw/${asdmDirectoryName(member.executionBlock)}`;
    const tar = await tarOf([{ path: `${tree}/ASDM.xml`, content: '<ASDM/>' }]);
    const asdm = { size: tar.length, location: await putFile(join(archive.inbox, 'raw'), rawTar, tar) };
    const result: Qa2Result = {
      ...(await memberResult(archive.inbox, project, member)),
      executionBlocks: [{ uid: member.executionBlock, use: 'used', asdm }],
      releaseDate,
    };
    const { id } = await archive.client.deliver(result);
    const raw = new RawClient(archive.client);
    const { request } = await raw.request({ ous: member.uid });
    expect((await raw.settled(request.id)).state).toBe('staged');
    const [file] = await archive.client.all(`/deliveries/${id}/files`, memberFileSchema);
    const part = result.parts?.[0]?.name ?? '';
    const what = { id, project: project.code, ous: member.uid, part, file: file?.path ?? '' };
    return { ...what, rawRequest: request.id, rawTar, recipients: project.recipients.map(({ email }) => email) };
  };

  beforeAll(async () => {
    issuer = await Issuer.start();
    archive = await Archive.start({
      env: { AUTH_ISSUER: issuer.url },
      tokens: [`pipeline qa2:submit,archive:read,archive:operate ${SERVICE}`, `submitter qa2:submit ${SUBMITTER}`],
    });
    links = DeliveryLinks.parse(await readFile(join(archive.home, 'link-keys'), 'utf8'), 'link-keys');
    for (const state of STATES) delivered.set(state, await deliver(RELEASE_DATES[state]));
    const { paths } = await archive.client.get('/openapi.json', openApiSchema);
    routes = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { 'x-right': right }]) => ({
        method: method.toUpperCase(),
        path,
        right,
      })),
    );
  });
  afterAll(async () => {
    await archive.remove();
    await issuer.stop();
  });

  const the = (state: State): Delivered => {
    const found = delivered.get(state);
    if (found === undefined) throw new Error(`nothing ${state} was delivered`);
    return found;
  };

  const linkTo = (delivery: string, lasts = HOUR_MS, id: string = randomUUID()): string =>
    links.sign({ id, delivery, expires: new Date(Date.now() + lasts) });

  /** Returns the path and the token of a caller's request for a delivery. */
  const askedBy = async (caller: Caller, path: string, about: Delivered): Promise<[string, RequestOptions]> => {
    const linked = (link: string): [string, RequestOptions] => [`${path}?link=${link}`, { token: null }];
    switch (caller) {
      case 'nobody':
        return [path, { token: null }];
      case 'PI of another project':
        return [path, { token: await issuer.token({ scope: 'project:1999.1.00001.S' }) }];
      case 'own PI':
        return [path, { token: await issuer.token({ scope: `openid project:${about.project}` }) }];
      case 'service':
        return [path, {}];
      case 'service that only submits':
        return [path, { token: SUBMITTER }];
      case 'own link':
        return linked(linkTo(about.id));
      case 'expired link':
        return linked(linkTo(about.id, -1000));
      case 'link of another delivery':
        return linked(linkTo(the(about.id === the('released').id ? 'proprietary' : 'released').id));
      case 'revoked link': {
        const id = randomUUID();
        const revoked = await archive.client.request(`/links/${id}`, { method: 'DELETE' });
        if (revoked.status !== 204) throw new Error(`not revoked: ${revoked.status}`);
        return linked(linkTo(about.id, HOUR_MS, id));
      }
    }
  };

  /** Returns the path of a route for a delivery. Throws for a route with parameters that this test does not know. */
  const filled = ({ path }: Route, about: Delivered): string => {
    const { id, project, ous, part, file, rawRequest, rawTar } = about;
    const named = path.startsWith('/raw-requests/') ? { id: rawRequest, name: rawTar } : { id, name: part };
    const values: Record<string, string> = {
      ...named,
      record: 'archive',
      code: project,
      uid: toFileForm(ous),
      path: file,
    };
    return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`no value for {${name}} of ${path}: add it to this test`);
      return value;
    });
  };

  /** Returns the request body of a route that requires one. */
  const posted = ({ method, right }: Route, { ous }: Delivered): RequestOptions =>
    method === 'POST' && right.startsWith('data of ')
      ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ous }) }
      : {};

  const expected = (right: string, caller: Caller, state: State): number[] | 'allowed' => {
    if (right === 'public') return 'allowed';
    if (!right.startsWith('data of ')) {
      if (caller === 'service') return 'allowed';
      if (caller === 'service that only submits' && right === 'qa2:submit') return 'allowed';
      return caller === 'nobody' || caller === 'expired link' ? [401] : [403];
    }
    const refusal = REFUSALS[caller];
    return state === 'released' || refusal === undefined ? 'allowed' : [refusal];
  };

  describe.each(STATES)('to data that are %s', (state) => {
    it.each(CALLERS)('for every route and method: %s', async (caller) => {
      expect(routes.length).toBeGreaterThan(20);
      const requests = routes.flatMap((route) =>
        (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]).map((method) => ({ route, method })),
      );
      // Every refusal takes a tenth of a second, so that its time reveals nothing.
      const answers = await Promise.all(
        requests.map(async ({ route, method }) => {
          const about = the(state);
          const [path, options] = await askedBy(caller, filled(route, about), about);
          const { status } = await archive.client.request(path, { ...options, ...posted(route, about), method });
          const statuses = expected(route.right, caller, state);
          // A request that passes the guard may still be invalid, but must not get an error of the guard.
          const isRight =
            statuses !== 'allowed'
              ? statuses.includes(status)
              : route.right.startsWith('data of ')
                ? status === 200 || status === 202
                : status !== 401 && status !== 403;
          return isRight ? [] : [`${method} ${path} (${route.right}): ${status}, not ${String(statuses)}`];
        }),
      );
      expect(answers.flat()).toEqual([]);
    });
  });

  describe('refusals', () => {
    const absent: Delivered = {
      id: randomUUID(),
      project: '1999.1.00009.S',
      ous: 'uid://A001/Xfff/Xfff' as Uid,
      part: 'no.tar',
      file: 'no/such/file',
      rawRequest: randomUUID(),
      rawTar: 'no.tar',
      recipients: [],
    };

    it.each(CALLERS.filter((caller) => caller in REFUSALS))('do not reveal to %s what exists', async (caller) => {
      const data = routes.filter(({ right }) => right.startsWith('data of '));
      expect(data.length).toBeGreaterThan(4);
      const answersTo = (about: Delivered): Promise<[number, string][]> =>
        Promise.all(
          data.map(async (route) => {
            const [path, options] = await askedBy(caller, filled(route, about), about);
            const response = await archive.client.request(path, {
              ...options,
              ...posted(route, about),
              method: route.method,
            });
            return [response.status, await response.text()];
          }),
        );
      const answers = await answersTo(the('proprietary'));
      expect(answers).toEqual(await answersTo(absent));
      for (const [status] of answers) expect(status).toBe(REFUSALS[caller]);
    });

    it('say where a token is required, and which link is invalid', async () => {
      const path = `/deliveries/${the('proprietary').id}/files`;
      const nobody = await archive.client.request(path, { token: null });
      expect(nobody.headers.get('www-authenticate')).toBe('Bearer realm="almagest"');
      const { detail } = await archive.client.refusal(`${path}?link=L.abc.def.k1`, { token: null });
      expect(detail).toBe('Invalid link; copy the whole link from the mail');
      const twice = `${path}?link=${linkTo(the('proprietary').id)}&link=x`;
      expect((await archive.client.refusal(twice, { token: null })).status).toBe(401);
    });
  });

  it('are given by a token, or the secret of a link, as the password of Basic, to download by name', async () => {
    const { part, file, project, id } = the('proprietary');
    const basic = (password: string): RequestOptions => ({
      token: null,
      headers: { authorization: `Basic ${Buffer.from(`somebody:${password}`).toString('base64')}` },
    });
    const person = await issuer.token({ scope: `project:${project}` });
    for (const name of [part, file]) {
      for (const password of [SERVICE, linkTo(id), person]) {
        expect((await archive.client.request(`/dataPortal/${name}`, basic(password))).status).toBe(200);
      }
      for (const password of ['wrong', linkTo(id, -1000)]) {
        const refused = await archive.client.request(`/dataPortal/${name}`, basic(password));
        expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
          401,
          'Bearer realm="almagest", Basic realm="almagest", charset="UTF-8"',
        ]);
      }
      expect((await archive.client.request(`/dataPortal/${name}`, basic(linkTo(the('released').id)))).status).toBe(404);
    }
    // Other routes take no passwords.
    expect((await archive.client.request(`/deliveries/${id}/parts/${part}`, basic(SERVICE))).status).toBe(401);
  });

  it.each(STATES)('to a cutout are those of a download, for data that are %s', async (state) => {
    const about = the(state);
    const files = await archive.client.all(`/deliveries/${about.id}/files`, memberFileSchema);
    const image = files.find(({ path }) => path.endsWith('.fits'))?.path ?? '';
    for (const caller of CALLERS) {
      const [link, options] = await askedBy(caller, '', about);
      const path = `/soda/sync?ID=${encodeURIComponent(image)}${link.replace('?', '&')}`;
      const answer = await archive.client.request(path, options);
      const refusal = state === 'released' ? undefined : REFUSALS[caller];
      const text = (await answer.text()).split(':')[0];
      if (refusal === undefined) {
        expect([caller, [200, 400].includes(answer.status), answer.status]).toEqual([caller, true, answer.status]);
      } else {
        const kind = refusal === 401 ? 'AuthenticationError' : 'AuthorizationError';
        expect([caller, answer.status, text]).toEqual([caller, refusal, kind]);
      }
    }
  });

  describe('a link', () => {
    const made = async (about: Delivered, body: object = {}): Promise<z.infer<typeof deliveryLinkSchema>> => {
      const response = await archive.client.request(`/deliveries/${about.id}/links`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(response.status).toBe(201);
      return deliveryLinkSchema.parse(await response.json());
    };
    const opens = async (link: string, path: string): Promise<number> =>
      (await archive.client.request(`${path}?link=${link}`, { token: null })).status;

    it('can be created, used as a query parameter or a bearer token, and revoked', async () => {
      const about = the('proprietary');
      const path = `/deliveries/${about.id}/parts/${about.part}`;
      const { id, link, expiresAt } = await made(about, { days: 2 });
      expect((Date.parse(expiresAt) - Date.now()) / HOUR_MS).toBeCloseTo(48, 0);
      expect(await opens(link, path)).toBe(200);
      expect((await archive.client.request(path, { token: link })).status).toBe(200);
      const range = await archive.client.request(`${path}?link=${link}`, {
        token: null,
        headers: { range: 'bytes=0-99' },
      });
      expect([range.status, range.headers.get('cache-control')]).toEqual([206, 'private, no-cache']);
      for (let again = 0; again < 2; again++) {
        expect((await archive.client.request(`/links/${id}`, { method: 'DELETE' })).status).toBe(204);
      }
      expect(await opens(link, path)).toBe(401);
    });

    it('cannot be created for data that were never delivered, or without an expiry', async () => {
      const body = JSON.stringify({});
      const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
      expect((await archive.client.refusal(`/deliveries/${randomUUID()}/links`, options)).status).toBe(404);
      const forEver = { ...options, body: JSON.stringify({ days: 10_000 }) };
      expect((await archive.client.refusal(`/deliveries/${the('released').id}/links`, forEver)).status).toBe(400);
    });
  });

  describe('a mail about raw data', () => {
    const asked = async (caller: Caller, state: State, email: string): Promise<number> => {
      const about = the(state);
      const [path, options] = await askedBy(caller, '/raw-requests', about);
      const { status } = await archive.client.request(path, {
        ...options,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ous: about.ous, notify: { name: 'Somebody', email } }),
      });
      return status;
    };
    const anywhere = 'anybody@elsewhere.example.org';
    const NOT_THEIRS = [
      ...(['PI of another project', 'service that only submits'] as const),
      ...(['expired link', 'link of another delivery', 'revoked link'] as const),
    ];

    it('goes to the address that a service states', async () => {
      expect(await asked('service', 'proprietary', anywhere)).toBe(202);
    });

    it.each(['own PI', 'own link'] as const)('goes only to the recipients of the delivery: %s', async (caller) => {
      for (const state of ['proprietary', 'released'] as const) {
        for (const email of the(state).recipients) {
          expect([200, 202]).toContain(await asked(caller, state, email.toUpperCase()));
        }
        expect(await asked(caller, state, anywhere)).toBe(400);
      }
    });

    it.each(['nobody', ...NOT_THEIRS] as const)('is not sent for others: %s', async (caller) => {
      const { recipients } = the('released');
      for (const email of [...recipients, anywhere]) expect(await asked(caller, 'released', email)).toBe(400);
      const [pi = ''] = the('proprietary').recipients;
      expect(await asked(caller, 'proprietary', pi)).toBe(REFUSALS[caller]);
    });
  });

  it('never appear in logs: links, tokens or addresses', async () => {
    const { id } = the('proprietary');
    const link = linkTo(id);
    const token = await issuer.token({ scope: 'project:1999.1.00001.S' });
    await archive.client.request(`/deliveries/${id}/report?link=${link}`, { token: null });
    await archive.client.request(`/no/such/route?link=${link}`, { token: null });
    await archive.client.request(`/deliveries/${id}/report`, { token });
    expect(await archive.client.all('/mails', mailSchema)).not.toEqual([]);
    const log = await archive.log();
    expect(log).toContain('mail sent');
    expect(log).not.toMatch(/"service":.*"service":/);
    for (const secret of [link, token, SERVICE, 'example.org', 'L.']) expect(log).not.toContain(secret);
  });
});
