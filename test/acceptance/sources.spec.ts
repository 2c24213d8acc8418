import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { memberFileSchema, type Qa2Result, type Qa2Status } from '@almagest/contracts';
import { toFileForm } from '@almagest/ous';
import { Archive } from './harness/archive';
import { filesOfTar, memberFiles, tarOf, type TarEntry } from './harness/delivery-files';
import { HttpsServer } from './harness/https-server';
import { memberResult, sha256 } from './harness/posting';
import { newProject, type Project, treeOf } from './harness/project';
import { waitFor } from '../harness/wait-for';
import { selfSignedCertificate } from './harness/self-signed-certificate';

const MAX_PART_SIZE = 20_480;

describe('sources of deliveries', () => {
  let archive: Archive;
  let trust: string;
  let server: HttpsServer;
  let mirror: HttpsServer;
  let silent: HttpsServer;
  let unconfigured: HttpsServer;
  let project: Project;
  let files: TarEntry[];

  beforeAll(async () => {
    const certificate = selfSignedCertificate();
    trust = await mkdtemp(join(tmpdir(), 'almagest-trust-'));
    await writeFile(join(trust, 'authority.pem'), certificate.cert);
    [server, mirror, silent, unconfigured] = await Promise.all([
      HttpsServer.start(certificate),
      HttpsServer.start(certificate),
      HttpsServer.start(certificate),
      HttpsServer.start(certificate),
    ]);
    archive = await Archive.start({
      env: {
        SOURCE_HOSTS: [server, mirror, silent].map(({ host }) => host).join(),
        NODE_EXTRA_CA_CERTS: join(trust, 'authority.pem'),
        TAP_UPLOAD_HOSTS: [server, mirror].map(({ host }) => host).join(),
        SOURCE_SILENCE_SECONDS: '4',
        MAX_PART_SIZE: String(MAX_PART_SIZE),
      },
    });
  });
  beforeEach(async () => {
    project = newProject('12m', '7m');
    files = await memberFiles(project, project.members[0]);
  });
  afterAll(async () => {
    await Promise.all([server, mirror, silent, unconfigured].map((each) => each.stop()));
    await rm(trust, { recursive: true });
    await archive.remove();
  });

  it('has tables of a query from a configured server, through redirects to another one, and from no other', async () => {
    const table = Buffer.from('n,name\n1,a\n2,b\n');
    const answer = async (location: string): Promise<string> => {
      const QUERY = 'SELECT name FROM TAP_UPLOAD.t WHERE n = 2';
      const query = new URLSearchParams({ QUERY, UPLOAD: `t,${location}`, RESPONSEFORMAT: 'csv' });
      return (await archive.client.request(`/tap/sync?${query.toString()}`, { token: null })).text();
    };
    const path = `/${project.code}/table.csv`;
    expect(await answer(server.serve(path, table))).toBe('name\r\nb\r\n');
    const moved = server.redirect(`/${project.code}/old.csv`, mirror.serve(path, table));
    expect(await answer(moved)).toBe('name\r\nb\r\n');
    const elsewhere = unconfigured.serve(path, table);
    expect(await answer(elsewhere)).toContain('this archive does not read from');
    expect(await answer(server.redirect(`/${project.code}/away.csv`, elsewhere))).toContain('does not read from');
    expect(await answer('file:///etc/passwd')).toContain('does not read from file://');
    expect(unconfigured.asked).toEqual([]);
  });

  describe('https', () => {
    let bytes: Buffer;
    beforeEach(async () => {
      bytes = await tarOf(files);
    });

    /** Returns a result with one part at the location. */
    async function at(location: string, of = project): Promise<Qa2Result> {
      const result = await memberResult(archive.inbox, of, of.members[0]);
      return { ...result, parts: (result.parts ?? []).map((part) => ({ ...part, location })) };
    }

    async function expectDelivered(location: string): Promise<void> {
      const { id } = await archive.client.deliver(await at(location));
      const { partList } = await archive.client.delivery(id);
      expect(partList.map((part) => part.sha256)).toEqual([sha256(bytes)]);
      expect((await archive.client.download(partList[0]?.url ?? '')).equals(bytes)).toBe(true);
    }

    async function expectRejected(location: string, codes: string[], of = project): Promise<void> {
      const status = await archive.client.submit(await at(location, of));
      expect([location, status.state]).toEqual([location, 'rejected']);
      expect([location, codesOf(status)]).toEqual([location, expect.arrayContaining(codes)]);
      expect(status.report?.findings[0]?.file).toMatch(new RegExp(`^${of.code}_.*\\.tar$`));
      expect(await archive.client.deliveries(of.members[0].uid)).toEqual([]);
    }

    const path = (name: string): string => `/${project.code}/${name}`;

    it('reads from a configured server', async () => {
      await expectDelivered(server.serve(path('part.tar'), bytes));
    });

    it.each([301, 302, 303, 307, 308])('follows a %i to another configured server', async (status) => {
      const target = mirror.serve(path('part.tar'), bytes);
      await expectDelivered(server.redirect(path('old.tar'), target, status));
    });

    it('follows a redirect with only a path', async () => {
      server.serve(path('part.tar'), bytes);
      await expectDelivered(server.redirect(path('old.tar'), 'part.tar'));
    });

    it('does not follow a redirect to a server that is not configured, and sends it no request', async () => {
      const target = unconfigured.serve(path('part.tar'), bytes);
      await expectRejected(server.redirect(path('old.tar'), target), ['source.not-allowed']);
      expect(unconfigured.asked).toEqual([]);
    });

    it('refuses a server that is not configured, and names those that are', async () => {
      const body = JSON.stringify(await at(unconfigured.serve(path('part.tar'), bytes)));
      const headers = { 'content-type': 'application/json' };
      const problem = await archive.client.refusal('/qa2-results', { method: 'POST', headers, body });
      expect(problem).toMatchObject({ status: 400, code: 'intake.source-not-allowed' });
      expect(problem.violations?.[0]?.message).toContain(`${server.host}, ${mirror.host}`);
      expect(unconfigured.asked).toEqual([]);
    });

    it.each([
      ['plain http', (): string => `http://${server.host}${path('part.tar')}`],
      ['a file', (): string => pathToFileURL(join(archive.home, 'service-tokens')).href],
      ['a name and password', (): string => `https://me:secret@${server.host}${path('part.tar')}`],
    ])('does not follow a redirect to %s', async (_, target) => {
      await expectRejected(server.redirect(path('old.tar'), target()), ['source.not-allowed']);
    });

    it('limits the number of redirects', async () => {
      await expectRejected(server.redirect(path('loop.tar'), path('loop.tar')), ['source.unusable']);
    });

    it('retries temporary faults for some seconds, then rejects', async () => {
      const page = Buffer.from(`<!doctype html><title>Session expired</title>${'<p>Log in</p>'.repeat(200)}`);
      const forbidden = server.on(path('forbidden.tar'), (_request, response) => void response.writeHead(403).end());
      const cases: [location: string, code: string][] = [
        [`https://${server.host}${path('missing.tar')}`, 'source.not-found'],
        [forbidden, 'source.denied'],
        [server.serve(path('login.tar'), page, 'text/html'), 'source.web-page'],
        [
          server.serve(path('disguised.tar'), Buffer.concat([page, Buffer.alloc(bytes.length)], bytes.length)),
          'source.web-page',
        ],
        [server.serve(path('other.tar'), bytes.subarray(512)), 'source.other-length'],
      ];
      const rejections = cases.map(([location, code]) => expectRejected(location, [code], newProject('12m', '7m')));
      await Promise.all(rejections);
      for (const [location] of cases) {
        const times = server.asked.filter((asked) => location.endsWith(asked)).length;
        expect([location, times > 1]).toEqual([location, true]);
      }
    });

    it('rejects a body of the wrong length', async () => {
      const location = server.on(path('part.tar'), (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/x-tar' });
        response.write(bytes);
        response.end(Buffer.alloc(4096));
      });
      await expectRejected(location, ['transfer.size']);
    });

    it('retries when a server has a temporary fault', async () => {
      let tries = 0;
      const location = server.on(path('part.tar'), (_request, response) => {
        tries += 1;
        if (tries === 1) response.writeHead(503).end();
        else response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
      });
      await expectDelivered(location);
      expect(tries).toBe(2);
    });

    it('does not delay a delivery beside others whose servers never answer', async () => {
      for (const name of ['a', 'b', 'c']) {
        const location = silent.on(path(name), () => undefined);
        await archive.client.post(await at(location, newProject('12m', '7m')));
      }
      await waitFor('a request', async () => silent.asked.length > 0);
      await expectDelivered(mirror.serve(path('part.tar'), bytes));
      for (const name of ['a', 'b', 'c'])
        silent.on(path(name), (_request, response) => void response.writeHead(404).end());
    });

    it('resumes an interrupted download if the file is unchanged', async () => {
      const asked: (string | undefined)[] = [];
      const half = bytes.length >> 1;
      const location = server.on(path('part.tar'), ({ headers }, response) => {
        asked.push(headers.range);
        const etag = '"first"';
        if (asked.length === 1) {
          response.writeHead(200, { 'content-length': bytes.length, etag });
          response.write(bytes.subarray(0, half), () => response.destroy());
        } else {
          const range = { 'content-range': `bytes ${half}-${bytes.length - 1}/${bytes.length}` };
          response.writeHead(206, { ...range, 'content-length': bytes.length - half, etag });
          response.end(bytes.subarray(half));
        }
      });
      await expectDelivered(location);
      expect(asked).toEqual([undefined, `bytes=${half}-`]);
    });
  });

  describe('an unpacked tree', () => {
    let folder: string;
    beforeEach(async () => {
      folder = join(archive.inbox, `tree-${project.code}`);
      for (const { path, content = '' } of files) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), content);
      }
    });

    async function treeAt(location: string): Promise<Qa2Result> {
      const { parts: _parts, ...result } = await memberResult(archive.inbox, project, project.members[0], { files });
      return { ...result, tree: { location } };
    }

    it('is packed into numbered parts no larger than configured, and delivered', async () => {
      const { id } = await archive.client.deliver(await treeAt(pathToFileURL(folder).href));
      const { partList, files: count, mode } = await archive.client.delivery(id);
      expect(partList.length).toBeGreaterThan(1);
      const stem = `${project.code}_${toFileForm(project.members[0].uid)}`;
      expect(partList.map(({ name }) => name)).toEqual(
        partList.map((_, index) => `${stem}_${index + 1}_of_${partList.length}.tar`),
      );
      expect(partList.filter(({ size }) => size > MAX_PART_SIZE)).toEqual([]);
      expect([count, mode]).toEqual([files.length, 'analyst']);

      const unpacked = new Map<string, Buffer>();
      for (const { url, size, sha256: digest } of partList) {
        const part = await archive.client.download(url);
        expect([part.length, sha256(part)]).toEqual([size, digest]);
        for (const [path, content] of await filesOfTar(part)) unpacked.set(path, content);
      }
      expect([...unpacked.keys()].sort()).toEqual(files.map(({ path }) => path).sort());
      for (const { path, content = '' } of files) {
        expect([path, unpacked.get(path)?.equals(Buffer.from(content))]).toEqual([path, true]);
      }
      const listed = await archive.client.all(`/deliveries/${id}/files`, memberFileSchema);
      for (const file of listed) {
        expect([file.path, sha256(await archive.client.download(file.url))]).toEqual([file.path, file.sha256]);
      }
      const [mail] = await archive.mailbox.about(id);
      for (const { name, sha256: digest } of partList) {
        expect(mail?.text).toMatch(new RegExp(`^ *${name}\\n.*\\n *SHA-256 ${digest}$`, 'm'));
      }
    });

    it('makes the same parts when the same tree is packed again', async () => {
      const first = await archive.client.deliver(await treeAt(pathToFileURL(folder).href));
      const second = await archive.client.deliver({ ...(await treeAt(pathToFileURL(folder).href)), revision: 2 });
      const [before, after] = await Promise.all([first, second].map(({ id }) => archive.client.delivery(id)));
      const digests = (delivery: typeof before): string[] | undefined => delivery?.partList.map((part) => part.sha256);
      expect(digests(after)).toEqual(digests(before));
    });

    const linkOut = async (): Promise<string> => {
      await symlink(archive.outside, join(archive.inbox, `out-${project.code}`));
      return pathToFileURL(join(archive.inbox, `out-${project.code}`)).href;
    };
    it.each<[string, () => Promise<string>, string]>([
      ['does not exist', async () => pathToFileURL(join(archive.inbox, 'no-tree')).href, 'source.not-found'],
      ['is behind a link out of the allowed directories', linkOut, 'source.not-allowed'],
    ])('is rejected when it %s', async (_, location, code) => {
      const status = await archive.client.submit(await treeAt(await location()));
      expect(status.state).toBe('rejected');
      expect(codesOf(status)).toContain(code);
    });

    it('is rejected when it contains a link, and the target of the link is not read', async () => {
      const link = `${treeOf(project, project.members[0])}/script/more.py`;
      await symlink('/etc/passwd', join(folder, link));
      const status = await archive.client.submit(await treeAt(pathToFileURL(folder).href));
      expect(status.state).toBe('rejected');
      expect(JSON.stringify(status.report)).toContain('more.py');
      expect(JSON.stringify(status.report)).not.toContain('root:');
      expect(await archive.client.deliveries(project.members[0].uid)).toEqual([]);
    });

    it('is checked against the standard like any other delivery', async () => {
      await rm(join(folder, treeOf(project, project.members[0]), 'script/scriptForPI.py'));
      const status = await archive.client.submit(await treeAt(pathToFileURL(folder).href));
      expect(status.state).toBe('rejected');
      expect(codesOf(status)).toContain('script.pi');
    });
  });

  function codesOf({ report }: Qa2Status): string[] {
    return (report?.findings ?? []).map(({ code }) => code);
  }
});
