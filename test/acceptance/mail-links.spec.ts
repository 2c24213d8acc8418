import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeliveryLinks } from '@almagest/access';
import type { Qa2Result } from '@almagest/contracts';
import { Archive } from './harness/archive';
import { memberResult, sha256 } from './harness/posting';
import { newProject } from './harness/project';

const DAYS = 3;
const DAY_MS = 86_400_000;

describe('the links in a mail about proprietary data', () => {
  let archive: Archive;
  let links: DeliveryLinks;
  let results: [Qa2Result, Qa2Result];
  /** The URLs in a mail about the first delivery. */
  let urls: { part: string; script: string; raw: string };
  let ids: [string, string];

  beforeAll(async () => {
    archive = await Archive.start({ env: { LINK_DAYS: String(DAYS) } });
    links = DeliveryLinks.parse(await readFile(join(archive.home, 'link-keys'), 'utf8'), 'link-keys');
    const made = [newProject('12m'), newProject('12m')].map(async (project, index) => ({
      ...(await memberResult(archive.inbox, project, project.members[0], { revision: index + 1 })),
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
