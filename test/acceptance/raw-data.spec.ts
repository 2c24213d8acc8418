import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { asdmListSchema, deliveryLinkSchema, type RawRequestStatus, rawRequestStatusSchema } from '@almagest/contracts';
import { parseUid, rawTarName, toFileForm } from '@almagest/ous';
import { Archive } from './harness/archive';
import { IS_SEPARATE } from './harness/built';
import { filesOfTar, tarOf } from './harness/delivery-files';
import { DownloadScript } from './harness/download-script';
import { HttpsServer } from './harness/https-server';
import { memberResult, putFile, sha256 } from './harness/posting';
import { newProject, treeOf } from './harness/project';
import { expire, RawClient } from './harness/raw-client';
import { EXAMPLES, sampleResult } from './harness/sample';
import { selfSignedCertificate } from './harness/self-signed-certificate';
import { SlowProxy } from './harness/slow-proxy';
import { waitFor } from '../harness/wait-for';

const MEMBER = parseUid('uid://A001/X1/Xa3');
const BLOCKS = [parseUid('uid://A002/X1/Xb1'), parseUid('uid://A002/X1/Xb2')] as const;
const NOTIFY = { name: 'Henrietta Leavitt', email: 'hleavitt@example.org' };
const SAMPLE_TARS = BLOCKS.map((block) => rawTarName('2013.1.09999.S', block));
const TOKENS = ['pi', 'delegee'].map(
  (name, index) => `${name} qa2:submit,archive:read,archive:operate ${`${name}${index}`.repeat(8)}`,
);

describe('raw data of the sample', () => {
  let proxy: SlowProxy;
  let archive: Archive;
  let raw: RawClient;
  let asked: RawRequestStatus;
  let directory: string;
  /** The URL of the script in the mail. */
  let scriptLink: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'almagest-raw-'));
    proxy = await SlowProxy.start();
    archive = await Archive.start({ env: { PUBLIC_URL: proxy.url }, tokens: TOKENS });
    proxy.leadTo(archive.client.url);
    await archive.client.deliver({ ...sampleResult('member12m'), releaseDate: null });
    await archive.client.deliver(sampleResult('member7m'));
    raw = new RawClient(archive.client);
  });
  afterAll(async () => {
    await archive?.remove();
    await proxy?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  /** Returns the staged tars of the MemberOUS of the story. */
  const ours = async (): Promise<string[]> => (await archive.staged()).filter((name) => SAMPLE_TARS.includes(name));

  it('are staged on request: exactly the list, each verified', async () => {
    const { status, location, request } = await raw.request({ ous: MEMBER, notify: NOTIFY });
    expect([status, location]).toEqual([202, `/raw-requests/${request.id}`]);
    expect(request.asdms.map(({ uid }) => uid)).toEqual(BLOCKS);
    asked = await raw.settled(request.id);
    const tars = await Promise.all(SAMPLE_TARS.map((name) => readFile(join(EXAMPLES, name))));
    const total = tars.reduce((sum, tar) => sum + tar.length, 0);
    expect(asked).toMatchObject({ state: 'staged', totalSize: total, bytesDone: total });
    expect(asked.asdms.map(({ fileName, size, sha256: digest }) => [fileName, size, digest])).toEqual(
      SAMPLE_TARS.map((name, index) => [name, tars[index]?.length, sha256(tars[index] ?? Buffer.alloc(0))]),
    );
  });

  it('are announced by a mail to the requester', async () => {
    const mail = await waitFor('the mail', async () =>
      (await archive.mailbox.all()).find(({ text }) => text.includes(asked.id)),
    );
    expect(mail.to).toBe(NOTIFY.email);
    scriptLink = /curl -f -o almagest-raw.sh '(\S+)'/.exec(mail.text)?.[1] ?? '';
    expect(scriptLink).toMatch(`${proxy.url}/raw-requests/${asked.id}/download.sh?link=L.`);
    for (const { fileName, sha256: digest } of asked.asdms) {
      expect(mail.text).toContain(fileName);
      expect(mail.text).toContain(digest);
      expect(mail.html).toContain(digest);
    }
  });

  it('can be downloaded by ranges', async () => {
    const [asdm] = asked.asdms;
    const whole = await readFile(join(EXAMPLES, SAMPLE_TARS[0] ?? ''));
    const response = await archive.client.request(asdm?.url ?? '', { headers: { range: 'bytes=1000-1999' } });
    expect(response.status).toBe(206);
    expect(Buffer.from(await response.arrayBuffer()).equals(whole.subarray(1000, 2000))).toBe(true);
    const head = await archive.client.request(asdm?.url ?? '', { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String(whole.length));
  });

  // `sh` is dash on Debian.
  it.each(['sh', 'bash'])(
    'are downloaded by the script in %s, killed and run again, and unpack to the tree of §5.1',
    async (shell) => {
      const place = await mkdtemp(join(directory, `${shell}-`));
      const response = await archive.client.request(asked.script ?? '');
      const token = archive.client.authorization.slice('Bearer '.length);
      const script = await DownloadScript.save(place, await response.text(), token, shell);
      const [first = '', second = ''] = SAMPLE_TARS;

      proxy.holdAfter = 1_000_000;
      const run = script.start();
      await waitFor('a piece of the first file', async () =>
        stat(join(place, `${first}.part`)).then(
          ({ size }) => size > 500_000,
          () => false,
        ),
      );
      run.kill();
      expect(await run.ended).toMatchObject({ signal: 'SIGKILL' });
      expect(await readdir(place)).toEqual([`${first}.part`, 'download.sh']);
      const { size: had } = await stat(join(place, `${first}.part`));

      proxy.holdAfter = null;
      proxy.asked.length = 0;
      expect(await script.run()).toMatchObject({ code: 0 });
      expect(proxy.asked[0]).toMatch(new RegExp(`files/${first} HTTP/1.1 range: bytes=${had}-$`, 'i'));
      expect((await readdir(place)).sort()).toEqual([first, second, 'download.sh'].sort());

      // Existing files are verified, and nothing is requested.
      proxy.asked.length = 0;
      expect((await script.run()).code).toBe(0);
      expect(proxy.asked).toEqual([]);

      for (const tar of SAMPLE_TARS) execFileSync('tar', ['xf', tar], { cwd: place });
      const { asdms } = await archive.client.get(`/ous/${toFileForm(MEMBER)}/asdms`, asdmListSchema);
      for (const [index, { unpacksTo }] of asdms.entries()) {
        const files = await filesOfTar(await readFile(join(EXAMPLES, SAMPLE_TARS[index] ?? '')));
        expect([...files.keys()].every((path) => path.startsWith(`${unpacksTo}/`))).toBe(true);
        for (const [path, content] of files) expect((await readFile(join(place, path))).equals(content)).toBe(true);
      }
    },
  );

  it('never take the final name when a byte is wrong', async () => {
    const [asdm] = asked.asdms;
    const text = await (await archive.client.request(asked.script ?? '')).text();
    const place = await mkdtemp(join(directory, 'wrong-'));
    const wrong = text.replaceAll(asdm?.sha256 ?? '', 'ab'.repeat(32));
    const script = await DownloadScript.save(place, wrong, archive.client.authorization.slice(7));
    const end = await script.run();
    expect(end.code).toBe(1);
    expect(end.output).toContain('the SHA-256 is wrong again; the file is deleted');
    expect((await readdir(place)).sort()).toEqual([SAMPLE_TARS[1], 'download.sh'].sort());
  });

  it('do not overwrite a different file', async () => {
    const place = await mkdtemp(join(directory, 'other-'));
    await putFile(place, SAMPLE_TARS[0] ?? '', Buffer.from('mine'));
    const text = await (await archive.client.request(asked.script ?? '')).text();
    const script = await DownloadScript.save(place, text, archive.client.authorization.slice(7));
    const end = await script.run();
    expect([end.code, await readFile(join(place, SAMPLE_TARS[0] ?? ''), 'utf8')]).toEqual([1, 'mine']);
  });

  it('are not served without a token, and the script says so', async () => {
    const place = await mkdtemp(join(directory, 'nobody-'));
    const text = await (await archive.client.request(asked.script ?? '')).text();
    const script = await DownloadScript.save(place, text, '');
    const end = await script.run();
    expect(end.code).toBe(1);
    expect(end.output).toContain('the token is missing, unknown or expired');
    expect(await readdir(place)).toEqual(['download.sh']);
  });

  it('are not served for a revoked link, and the script says so', async () => {
    const place = await mkdtemp(join(directory, 'revoked-'));
    const [delivery] = await archive.client.deliveries(MEMBER);
    const making = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    const made = await archive.client.request(`/deliveries/${delivery?.id}/links`, making);
    const { id, link } = deliveryLinkSchema.parse(await made.json());
    const text = await (await archive.client.request(`${asked.script ?? ''}?link=${link}`, { token: null })).text();
    const script = await DownloadScript.save(place, text, '');
    expect((await archive.client.request(`/links/${id}`, { method: 'DELETE' })).status).toBe(204);
    const end = await script.run();
    expect([end.code, end.output]).toEqual([1, expect.stringContaining('the token is missing, unknown or expired')]);
    expect(await readdir(place)).toEqual(['download.sh']);
  });

  it('can be downloaded with only the link of the mail, with another shell', async () => {
    const place = await mkdtemp(join(directory, 'link-'));
    const response = await fetch(scriptLink);
    expect(response.status).toBe(200);
    const script = await DownloadScript.save(place, await response.text(), '', 'bash');
    expect(await script.run()).toMatchObject({ code: 0 });
    for (const [index, name] of SAMPLE_TARS.entries()) {
      expect(sha256(await readFile(join(place, name)))).toBe(asked.asdms[index]?.sha256);
    }
  });

  it('are not served to others: no token, a wrong token, a modified link', async () => {
    const path = asked.asdms[0]?.url ?? '';
    expect(await archive.client.refusal(path, { token: null })).toMatchObject({ status: 401 });
    expect(await archive.client.refusal(path, { token: 'x'.repeat(40) })).toMatchObject({ status: 401 });
    const tampered = new URL(scriptLink).search.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect(await archive.client.refusal(`${path}${tampered}`, { token: null })).toMatchObject({ status: 401 });
    const headers = { 'content-type': 'application/json' };
    const asking = { method: 'POST', headers, body: JSON.stringify({ ous: MEMBER }), token: null };
    expect(await archive.client.refusal('/raw-requests', asking)).toMatchObject({ status: 401 });
  });

  it('can be requested by everybody if released, but anonymous callers cannot have mails sent', async () => {
    const headers = { 'content-type': 'application/json' };
    const asking = (body: object) => ({ method: 'POST', headers, body: JSON.stringify(body), token: null });
    const released = { ous: 'uid://A001/X1/Xa4' };
    const response = await archive.client.request('/raw-requests', asking(released));
    expect(response.status).toBe(202);
    expect((await raw.settled(rawRequestStatusSchema.parse(await response.json()).id)).state).toBe('staged');
    expect(await archive.client.refusal('/raw-requests', asking({ ...released, notify: NOTIFY }))).toMatchObject({
      status: 400,
      code: 'request-handler.notify-not-recipient',
    });
  });

  it('are staged once for the same request, and shared between requesters', async () => {
    const again = await raw.request({ ous: MEMBER, notify: NOTIFY });
    expect([again.status, again.request.id]).toEqual([200, asked.id]);
    expect((await raw.request({ ous: MEMBER })).request.id).toBe(asked.id);
    const shared = await raw.request({ ous: MEMBER, notify: { ...NOTIFY, email: 'other@example.org' } });
    expect([shared.status, shared.request.id === asked.id, shared.request.state]).toEqual([202, false, 'staged']);
    const mail = await waitFor('the other mail', async () =>
      (await archive.mailbox.all()).find(({ text }) => text.includes(shared.request.id)),
    );
    expect(mail.to).toBe('other@example.org');
    await expire(archive, shared.request.id);
    const other = await new RawClient(archive.client, 'delegee1'.repeat(8)).request({
      ous: MEMBER,
      asdms: [BLOCKS[0]],
    });
    expect(other.status).toBe(202);
    expect(other.request).toMatchObject({ state: 'staged', asdms: [{ uid: BLOCKS[0], state: 'staged' }] });
    expect(await ours()).toEqual([...SAMPLE_TARS].sort());
    const all = await archive.client.pages(
      `/raw-requests?ous=${encodeURIComponent(MEMBER)}`,
      rawRequestStatusSchema,
      1,
    );
    expect(all.map((page) => page.map(({ id }) => id))).toEqual([[other.request.id], [shared.request.id], [asked.id]]);
  });

  it.each([
    ['an ASDM of a sibling', { ous: MEMBER, asdms: ['uid://A002/X1/Xb3'] }, 400, 'request-handler.asdm-unknown'],
    ['the same ASDM twice', { ous: MEMBER, asdms: [BLOCKS[0], BLOCKS[0]] }, 400, 'request-handler.asdm-unknown'],
    ['an unknown ObsUnitSet', { ous: 'uid://A001/X1/Xfff' }, 404, 'request-handler.ous-unknown'],
    ['a group', { ous: 'uid://A001/X1/Xa2' }, 404, 'request-handler.group-has-no-asdms'],
    ['nothing', {}, 400, 'http.request-invalid'],
    ['an unknown field', { ous: MEMBER, shell: '$(id)' }, 400, 'http.request-invalid'],
    ['an invalid uid', { ous: '../../etc' }, 400, 'http.request-invalid'],
    [
      'a mail to several',
      { ous: MEMBER, notify: { name: 'x', email: 'a@b.org, c@d.org' } },
      400,
      'http.request-invalid',
    ],
  ])('are rejected for %s', async (_, body, status, code) => {
    expect(await raw.refusal(body)).toMatchObject({ status, code });
  });

  it('are unavailable after they have expired, and their disk space is freed', async () => {
    await expire(archive, asked.id);
    const path = asked.asdms[0]?.url ?? '';
    expect(await archive.client.refusal(path)).toMatchObject({ status: 410, code: 'request-handler.request-expired' });
    expect(await archive.client.refusal(asked.script ?? '')).toMatchObject({ status: 410 });
    const text = (await (await archive.client.request(`/raw-requests/${asked.id}`)).json()) as object;
    expect(rawRequestStatusSchema.parse(text).id).toBe(asked.id);
    // The sweep has not run yet, but a repeated request is a new one.
    const next = await raw.request({ ous: MEMBER });
    expect([next.status, next.request.id === asked.id]).toEqual([202, false]);
    expect((await raw.settled(next.request.id)).state).toBe('staged');
    await expire(archive, next.request.id);
    await archive.stop();
    await archive.launch();
    proxy.leadTo(archive.client.url);
    // The request of the delegee is still valid.
    await waitFor('the sweep', async () => (await ours()).length === 1);
    raw = new RawClient(archive.client);
    expect(await raw.status(asked.id)).toMatchObject({ state: 'expired', script: null });
    const { status, request } = await raw.request({ ous: MEMBER });
    expect([status, request.id === asked.id]).toEqual([202, false]);
    expect((await raw.settled(request.id)).state).toBe('staged');
    expect(await ours()).toEqual([...SAMPLE_TARS].sort());
  });
});

describe('raw data that cannot be staged', () => {
  let archive: Archive;
  let raw: RawClient;
  let trust: string;
  let server: HttpsServer;
  const QUOTA = 50_000_000;

  beforeAll(async () => {
    const certificate = selfSignedCertificate();
    trust = await mkdtemp(join(tmpdir(), 'almagest-trust-'));
    await writeFile(join(trust, 'authority.pem'), certificate.cert);
    server = await HttpsServer.start(certificate);
    archive = await Archive.start({
      env: {
        RAW_QUOTA_BYTES: String(QUOTA),
        STAGING_ROOM_BYTES: String(QUOTA),
        SOURCE_HOSTS: server.host,
        NODE_EXTRA_CA_CERTS: join(trust, 'authority.pem'),
      },
      tokens: TOKENS,
    });
    raw = new RawClient(archive.client);
  });
  afterAll(async () => {
    await archive?.remove();
    await server?.stop();
    await rm(trust, { recursive: true });
  });

  /** A MemberOUS that is delivered; its ASDMs are as `make` says, and some are not in the bulk store at all. */
  async function memberWith(
    make: (trees: string[]) => Promise<{ size: number; content: Buffer | null; location?: string }[]>,
  ): Promise<{ uid: string; put: (index: number, content: Buffer) => Promise<void> }> {
    const project = newProject('12m');
    const [member] = project.members;
    const blocks = [0, 1, 2].map((index) => parseUid(member.executionBlock.replace(/[0-9a-f]$/, String(index))));
    const folder = join(archive.inbox, `raw-${project.code}`);
    const names = blocks.map((block) => rawTarName(project.code, block));
    const put = async (index: number, content: Buffer): Promise<void> => {
      await putFile(folder, names[index] ?? '', content);
    };
    const asdms = await make(blocks.map((block) => `${treeOf(project, member)}/raw/${toFileForm(block)}.asdm.sdm`));
    for (const [index, { content }] of asdms.entries()) if (content !== null) await put(index, content);
    const result = await memberResult(archive.inbox, project, member);
    await archive.client.deliver({
      ...result,
      executionBlocks: asdms.map(({ size, location }, index) => ({
        uid: blocks[index] ?? member.executionBlock,
        use: index === 0 ? ('used' as const) : ('additional' as const),
        asdm: { size, location: location ?? pathToFileURL(join(folder, names[index] ?? '')).href },
      })),
    });
    return { uid: member.uid, put };
  }

  it('are reported for each ASDM, and retried after they were fixed', async () => {
    let good: Buffer[] = [];
    const { uid, put } = await memberWith(async (trees) => {
      good = await Promise.all(trees.map((tree) => tarOf([{ path: `${tree}/ASDM.xml`, content: 'x'.repeat(5000) }])));
      const size = good[0]?.length ?? 0;
      const wrongTree = await tarOf([{ path: 'raw/x', content: 'x'.repeat(5000) }]);
      return [
        { size: wrongTree.length, content: wrongTree },
        { size, content: Buffer.alloc(size, 'no tar') },
        { size, content: null },
      ];
    });
    const { request } = await raw.request({ ous: uid, asdms: 'all', notify: NOTIFY });
    const failed = await raw.settled(request.id);
    expect([failed.state, failed.script]).toEqual(['failed', null]);
    expect(failed.asdms.map(({ state, error }) => [state, error?.code])).toEqual([
      ['failed', 'raw.wrong-tree'],
      ['failed', 'tar.not-a-tar'],
      ['failed', 'source.not-found'],
    ]);
    expect(failed.asdms[0]?.error).toMatchObject({
      expected: `files below ${failed.asdms[0]?.unpacksTo}/`,
      found: '"raw/x"',
    });
    expect(await archive.staged()).toEqual([]);
    const mail = await waitFor('the mail', async () =>
      (await archive.mailbox.all()).find(({ text }) => text.includes(request.id)),
    );
    expect(mail.text).toContain('source.not-found');
    expect(await archive.client.refusal(`/raw-requests/${request.id}/download.sh`)).toMatchObject({ status: 409 });

    await put(0, Buffer.concat([good[0] ?? Buffer.alloc(0), Buffer.alloc(512)]));
    await put(1, good[1] ?? Buffer.alloc(0));
    await put(2, good[2] ?? Buffer.alloc(0));
    expect((await raw.retry(request.id)).state).toBe('staging');
    const partly = await raw.settled(request.id);
    expect(partly.asdms.map(({ state, error }) => [state, error?.code])).toEqual([
      ['failed', 'raw.size'],
      ['staged', undefined],
      ['staged', undefined],
    ]);
    await put(0, good[0] ?? Buffer.alloc(0));
    await raw.retry(request.id);
    const staged = await raw.settled(request.id);
    expect(staged.asdms.map(({ sha256: digest }) => digest)).toEqual(good.map(sha256));
  });

  it('count against a quota and the free disk space, which are checked before anything is staged', async () => {
    const { uid } = await memberWith(async () => [{ size: QUOTA + 1, content: null }]);
    expect(await raw.refusal({ ous: uid })).toMatchObject({ status: 409, code: 'request-handler.quota-exceeded' });
    // The server of its ASDM holds its answer until the test releases it.
    let answer = (): void => undefined;
    const answering = new Promise<void>((resolve) => (answer = resolve));
    const location = server.on('/held', (_request, response) => {
      void answering.then(() => response.writeHead(404).end());
    });
    const half = await memberWith(async () => [{ size: QUOTA - 10_000_000, content: null, location }]);
    const { request } = await raw.request({ ous: half.uid });
    const others = new RawClient(archive.client, 'delegee1'.repeat(8));
    const more = await memberWith(async () => [{ size: QUOTA - 10_000_000, content: null }]);
    expect(await others.refusal({ ous: more.uid })).toMatchObject({ status: 507, code: 'request-handler.no-room' });
    // Failed ASDMs need no disk space.
    answer();
    await raw.settled(request.id);
    expect((await others.request({ ous: more.uid })).status).toBe(202);
  });
});

// An S3 store does not report its free space.
if (!IS_SEPARATE) {
  describe('a staging area that is full', () => {
    let archive: Archive | undefined;
    afterEach(() => archive?.remove());

    it('is a separate failure, which ends when there is space', async () => {
      const env: Record<string, string> = {};
      archive = await Archive.start({ env });
      await archive.client.deliver(sampleResult('member7m'));
      env['OBJECT_STORE_MIN_FREE_BYTES'] = String(2 ** 52);
      await archive.stop();
      await archive.launch();
      const { request } = await new RawClient(archive.client).request({ ous: 'uid://A001/X1/Xa4' });
      const failed = await new RawClient(archive.client).settled(request.id);
      expect(failed).toMatchObject({ state: 'failed', asdms: [{ error: { code: 'raw.no-room' } }] });
      expect(failed.asdms[0]?.error?.found).toMatch(/^\d+ bytes free$/);
      env['OBJECT_STORE_MIN_FREE_BYTES'] = '1';
      await archive.stop();
      await archive.launch();
      const raw = new RawClient(archive.client);
      await raw.retry(request.id);
      expect((await raw.settled(request.id)).state).toBe('staged');
    });
  });
}
