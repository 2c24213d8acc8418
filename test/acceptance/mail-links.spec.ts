import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { DeliveryLinks } from '@almagest/access';
import { ousOf, type Qa2Result } from '@almagest/contracts';
import { Archive } from './harness/archive';
import { textOfHtml } from './harness/mail-text';
import { memberResult, sha256 } from './harness/posting';
import { newProject, type Project, treeOf } from './harness/project';

const DAYS = 3;
const DAY_MS = 86_400_000;

describe('the links in a mail about proprietary data', () => {
  let archive: Archive;
  let links: DeliveryLinks;
  /** That of the first delivery. */
  let project: Project;
  let results: [Qa2Result, Qa2Result];
  /** The URLs in a mail about the first delivery. */
  let urls: { part: string; script: string; raw: string };
  let ids: [string, string];

  beforeAll(async () => {
    archive = await Archive.start({ env: { LINK_DAYS: String(DAYS) } });
    links = DeliveryLinks.parse(await readFile(join(archive.home, 'link-keys'), 'utf8'), 'link-keys');
    project = newProject('12m');
    const made = [project, newProject('12m')].map(async (each, index) => ({
      ...(await memberResult(archive.inbox, each, each.members[0], { revision: index + 1 })),
      releaseDate: null,
    }));
    results = (await Promise.all(made)) as [Qa2Result, Qa2Result];
    const [first, second] = [await archive.client.deliver(results[0]), await archive.client.deliver(results[1])];
    ids = [first.id, second.id];
    const [mail] = await archive.mailbox.about(first.id);
    const url = (pattern: RegExp): string => pattern.exec(mail?.text ?? '')?.[0] ?? '';
    urls = {
      part: url(/http\S+\/parts\/[^\s']+/),
      script: url(/http\S+\/deliveries\/[0-9a-f-]+\/download\.sh\?link=[^\s']+/),
      raw: url(/http\S+\/raw-requests\?link=[^\s']+/),
    };
  });
  afterAll(() => archive?.remove());

  const get = async (url: string): Promise<Response> => archive.client.request(url, { token: null });
  const tokenOf = (url: string): string => new URL(url).searchParams.get('link') ?? '';
  /** Returns the URL with another link. */
  const linked = (url: string, link: string): string => url.replace(tokenOf(url), link);
  const refusal = async (url: string): Promise<[number, string | undefined]> => {
    const { status, detail } = await archive.client.refusal(url, { token: null });
    return [status, detail];
  };

  it('work unchanged, without a token', async () => {
    const [part] = results[0].parts ?? [];
    expect(sha256(Buffer.from(await (await get(urls.part)).arrayBuffer()))).toBe(part?.sha256);
    expect(await (await get(urls.script)).text()).toContain(`token='${tokenOf(urls.part)}'`);
    const asked = await archive.client.request(urls.raw, {
      method: 'POST',
      token: null,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ous: results[0].member }),
    });
    expect(asked.status).toBe(202);
    expect((await get(urls.part.replace(/\?.*/, ''))).status).toBe(401);
  });

  it('have the same token, for this delivery and this mail, valid for LINK_DAYS', async () => {
    const [mail] = await archive.mailbox.about(ids[0]);
    expect(new Set([...(mail?.text ?? '').matchAll(/link=([\w.-]+)/g)].map(([, link]) => link)).size).toBe(1);
    const { delivery, expires, id } = links.read(tokenOf(urls.part)) ?? { delivery: '', expires: new Date(0), id: '' };
    expect(delivery).toBe(ids[0]);
    expect(`<${id}@almagest>`).toBe(mail?.messageId);
    expect(Math.abs(expires.getTime() - Date.now() - DAYS * DAY_MS)).toBeLessThan(DAY_MS / 24);
    expect(mail?.text.replaceAll('\n', ' ')).toContain(
      `until ${expires.toISOString().slice(0, 10)}. Do not pass them on`,
    );
  });

  describe('and the command that the archive serves', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'almagest single file '));
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    /** Runs a script in the folder, with nothing of this project in reach. */
    const shell = async (script: string): Promise<{ code: number | null; output: string }> => {
      const PATH = `${dirname(process.execPath)}:/usr/bin:/bin`;
      const env = { PATH, HOME: folder, RETRY_MAXIMUM_SECONDS: '0.05' };
      const child = spawn('sh', ['-c', script], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
      const [stdout, stderr, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'close') as Promise<[number | null]>,
      ]);
      return { code, output: stdout + stderr };
    };
    const commandsIn = (body: string): string[] =>
      (/^ *curl -f -O [^]*?--dry-run$/m.exec(body)?.[0] ?? '').split('\n').map((line) => line.trim());

    it('do what the mail says, in both forms, in an empty folder', async () => {
      const [mail] = await archive.mailbox.about(ids[0]);
      const commands = commandsIn(mail?.text ?? '');
      expect(commandsIn(textOfHtml(mail?.html ?? ''))).toEqual(commands);
      const { code, output } = await shell(commands.join('\n'));
      expect([code, output]).toEqual([2, expect.stringContaining('CASA is not on the search path')]);
      expect(output).toContain(`Restoring the calibrated data of ${ousOf(results[0])}`);
      expect((await readdir(folder)).sort()).toEqual([project.code, 'almagest'].sort());
      const readme = join(folder, treeOf(project, project.members[0]), 'README');
      expect(await readFile(readme, 'utf8')).toContain('QA2 Result: PASS');
    });

    it('print commands that can be pasted, named as the user calls it', async () => {
      const link = urls.part.replace(/\/parts\/[^?]*/, '');
      const failed = await shell(`node almagest raw request ${ousOf(results[0])} --link '${link}'`);
      const [again = ''] = /node almagest raw retry .*/.exec(failed.output) ?? [];
      expect([failed.code, again]).toEqual([1, expect.stringContaining(`--link '${link}'`)]);
      expect(await shell(again)).toMatchObject({ code: 1, output: expect.stringContaining(`run: ${again}`) as string });
      const id = /retry (\S+)/.exec(again)?.[1] ?? '';
      const installed = await shell(`chmod +x almagest; PATH="$PWD:$PATH" almagest raw status ${id} --link '${link}'`);
      expect(installed.output).toContain(`run: almagest raw retry ${id}`);
      expect((await shell('./almagest --version')).output).toMatch(/^\d+\.\d+\.\d+\n$/);
    });

    it('say which commands need more than the one file', async () => {
      for (const command of ['up', 'demo']) {
        const { code, output } = await shell(`node almagest ${command}`);
        expect([code, output]).toEqual([2, expect.stringContaining('needs a checkout of the project')]);
      }
      expect((await shell('node almagest ls')).output).toContain("--link 'URL'");
    });

    it('come from a public address, with a digest that sha256sum reads', async () => {
      const program = await get('/almagest');
      const digest = sha256(Buffer.from(await program.arrayBuffer()));
      expect(Object.fromEntries(program.headers)).toMatchObject({
        'content-type': 'text/plain; charset=utf-8',
        'content-disposition': 'attachment; filename=almagest',
        etag: `"${digest}"`,
        'repr-digest': `sha-256=:${Buffer.from(digest, 'hex').toString('base64')}:`,
        'x-content-type-options': 'nosniff',
      });
      expect(
        (await shell(`curl -f -O '${archive.client.url}/almagest.sha256' && sha256sum -c almagest.sha256`)).code,
      ).toBe(0);
      const head = await archive.client.request('/almagest', { method: 'HEAD', token: null });
      expect([head.status, head.headers.get('content-length')]).toEqual([200, program.headers.get('content-length')]);
      const again = `curl -s -w '%{http_code}' -H 'If-None-Match: "${digest}"' '${archive.client.url}/almagest'`;
      expect((await shell(again)).output).toBe('304');
      const licences = await readFile(join(folder, 'almagest'), 'utf8');
      expect(licences).toMatch(/^commander \d\S*: MIT\n\n\(The MIT License\)/m);
    });
  });

  it('are rejected with a clear message after they have expired', async () => {
    const link = links.read(tokenOf(urls.part));
    if (link === null) throw new Error('the link is not ours');
    const expired = links.sign({ ...link, expires: new Date(Date.now() - 1000) });
    expect(await refusal(linked(urls.part, expired))).toEqual([401, 'The link has expired']);
    // The expiry is signed too.
    const [, payload = '', mac = '', key = ''] = tokenOf(urls.part).split('.');
    const later = Buffer.from(payload, 'base64url');
    later.writeUInt32BE(later.readUInt32BE(32) + 1000, 32);
    const forged = ['L', later.toString('base64url'), mac, key].join('.');
    expect((await refusal(linked(urls.part, forged)))[0]).toBe(401);
  });

  it('do not open another delivery', async () => {
    const [mail] = await archive.mailbox.about(ids[1]);
    const other = /http\S+\/parts\/[^\s']+/.exec(mail?.text ?? '')?.[0] ?? '';
    expect((await get(other)).status).toBe(200);
    expect(await refusal(linked(other, tokenOf(urls.part)))).toEqual([
      404,
      'Not found, or you are not authorised to access it',
    ]);
  });

  it('are rejected with a clear message after the link is revoked; those of the other recipient still work', async () => {
    const [mail, another] = await archive.mailbox.about(ids[0]);
    const { id } = links.read(tokenOf(urls.part)) ?? { id: '' };
    expect((await archive.client.request(`/links/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await refusal(urls.part)).toEqual([401, 'The link has been revoked']);
    const others = /http\S+\/parts\/[^\s']+/.exec(another?.text ?? '')?.[0] ?? '';
    expect(mail?.to).not.toBe(another?.to);
    expect((await get(others)).status).toBe(200);
  });
});
