import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import type {
  Delivery,
  MemberFile,
  PartLink,
  Problem,
  RebuildWithFindings,
  ReconciliationWithFindings,
  ScrubWithFindings,
} from '@almagest/contracts';
import { catalogue } from '../../../apps/catalogue/catalogue.module';
import { dumpCatalogue } from './dump';
import { RunningArchive, TOKENS } from './running-archive';

jest.setTimeout(60_000);

/** The sample, ingested by the real services, with upkeep over HTTP. */
describe('the upkeep of a running archive', () => {
  let archive: RunningArchive;
  let ids: string[];

  beforeAll(async () => {
    archive = await RunningArchive.start();
    ids = [];
    for (const example of ['1-member-12m.json', '2-member-7m.json', '3-group.json']) {
      ids.push(await archive.deliver(example));
    }
  });
  afterAll(() => archive.stop());

  const get = <T>(path: string): Promise<T> => archive.json<T>('catalogue', path);
  const bytesOf = async (path: string, headers: Record<string, string> = {}): Promise<Buffer> =>
    Buffer.from(await (await archive.request('catalogue', path, { headers })).arrayBuffer());
  const firstPart = async (): Promise<{ url: string; key: string; name: string; sha256: string; size: number }> => {
    const { partList } = await get<Delivery>(`/deliveries/${ids[0]}`);
    const [part] = partList;
    const [row] = await archive.db.rows<{ object_key: string }>(
      `SELECT object_key FROM catalogue.part WHERE delivery_id = $1 AND name = $2`,
      [ids[0], part?.name],
    );
    if (part === undefined || row === undefined) throw new Error('no part');
    return { ...part, key: row.object_key };
  };

  it('serves parts and single files, whole and by range, with the catalogued digests', async () => {
    const part = await firstPart();
    expect(sha256(await bytesOf(part.url))).toBe(part.sha256);
    const { items } = await get<{ items: MemberFile[] }>(`/deliveries/${ids[0]}/files?limit=1000`);
    const files = items.filter(({ size }) => size > 100);
    expect(files.length).toBeGreaterThan(30);
    for (const { url, size, sha256: digest } of files) {
      const whole = await bytesOf(url);
      expect(sha256(whole)).toBe(digest);
      const middle = Math.floor(size / 2);
      const range = { range: `bytes=0-9,${middle}-` };
      const response = await archive.request('catalogue', url, { headers: range });
      const parts = byteRanges(response.headers.get('content-type'), Buffer.from(await response.arrayBuffer()));
      expect(parts.map(sha256)).toEqual([whole.subarray(0, 10), whole.subarray(middle)].map(sha256));
    }
  });

  it('answers HEAD, conditional requests and unsatisfiable ranges for a part', async () => {
    const { url, size, sha256: digest } = await firstPart();
    const ask = (headers: Record<string, string>, method = 'GET'): Promise<Response> =>
      archive.request('catalogue', url, { headers, method });
    const head = await ask({}, 'HEAD');
    const lastModified = head.headers.get('last-modified') ?? '';
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(size)]);
    expect(head.headers.get('content-type')).toBe('application/x-tar');
    expect((await ask({ 'if-modified-since': lastModified })).status).toBe(304);
    expect((await ask({ 'if-none-match': `"${digest}"` })).status).toBe(304);
    expect((await ask({ 'if-range': lastModified, range: 'bytes=0-0' })).status).toBe(206);
    const problems = [await ask({ 'if-match': '"x"' }), await ask({ range: `bytes=${size}-` })];
    expect(problems.map(({ status }) => status)).toEqual([412, 416]);
    for (const problem of problems) {
      expect(problem.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(problem.headers.get('content-disposition')).toBeNull();
      expect(problem.headers.get('etag')).toBeNull();
    }
    expect(problems[1]?.headers.get('content-range')).toBe(`bytes */${size}`);
  });

  it('links to itself if the store has no presigned URLs', async () => {
    const part = await firstPart();
    const link = await get<PartLink>(`${part.url}/link?seconds=60`);
    expect(link).toEqual({ url: part.url, presigned: false, expiresAt: null, size: part.size, sha256: part.sha256 });
    expect((await archive.request('catalogue', `${part.url}/link?seconds=604801`)).status).toBe(400);
    expect((await archive.request('catalogue', `/deliveries/${ids[0]}/parts/none.tar/link`)).status).toBe(404);
  });

  it('scrubs and reconciles the sample and finds nothing wrong', async () => {
    const scrub = await get<ScrubWithFindings>(await archive.upkeep('scrubs'));
    const parts = await archive.db.rows<{ objects: number; bytes: number }>(
      `SELECT count(*)::int AS objects, sum(size)::float8 AS bytes FROM
         (SELECT size FROM catalogue.part UNION ALL SELECT size FROM catalogue.manifest) AS object`,
    );
    expect(parts[0]?.objects).toBe(7);
    expect(scrub).toMatchObject({
      state: 'done',
      scheduled: false,
      damaged: 0,
      lastFailure: null,
      reading: null,
      objects: { due: 7, read: 7 },
      bytes: { due: parts[0]?.bytes, read: parts[0]?.bytes },
      findings: { items: [], next: null },
    });
    const reconciliation = await get<ReconciliationWithFindings>(
      await archive.upkeep('reconciliations', { repair: true }),
    );
    expect(reconciliation).toMatchObject({ state: 'done', catalogued: 7, stored: 7, recent: 0, findingCount: 0 });
  });

  it('lists damaged and lost objects in pages', async () => {
    const { key, sha256: expected } = await firstPart();
    const manifest = key.replace(/[^/]+$/, 'manifest.jsonl');
    const [bytes, lines] = [await readFile(archive.path(key)), await readFile(archive.path(manifest))];
    const broken = Buffer.from(bytes);
    broken[bytes.length - 1] = (broken.at(-1) ?? 0) ^ 128;
    try {
      await writeFile(archive.path(key), broken);
      await rm(archive.path(manifest));
      const path = await archive.upkeep('scrubs');
      const first = await get<ScrubWithFindings>(`${path}?limit=1`);
      expect(first).toMatchObject({ damaged: 2, findings: { next: expect.any(String) } });
      expect(first.findings.items).toMatchObject([
        { kind: 'corrupt', key, expected, found: sha256(broken), repair: null, lastGoodAt: expect.any(String) },
      ]);
      const second = await get<ScrubWithFindings>(`${path}?limit=1&cursor=${first.findings.next}`);
      expect(second.findings).toMatchObject({ items: [{ kind: 'lost', key: manifest }], next: null });
      const compared = await archive.upkeep('reconciliations', { repair: true });
      expect((await get<ReconciliationWithFindings>(compared)).findings.items).toMatchObject([
        { kind: 'lost', key: manifest, repair: 'not-possible' },
      ]);
    } finally {
      await writeFile(archive.path(key), bytes);
      await writeFile(archive.path(manifest), lines);
    }
    expect(await get<ScrubWithFindings>(await archive.upkeep('scrubs'))).toMatchObject({ damaged: 0 });
    const list = await get<{ items: ScrubWithFindings[]; next: string | null }>('/upkeep/scrubs?limit=2');
    expect(list.items.map(({ damaged }) => damaged)).toEqual([0, 2]);
    const rest = await get<{ items: ScrubWithFindings[] }>(`/upkeep/scrubs?limit=2&cursor=${list.next}`);
    expect(rest.items).toMatchObject([{ damaged: 0 }]);
  });

  it('lets only operators request upkeep, and rejects malformed requests', async () => {
    const status = async (path: string, options: Parameters<RunningArchive['request']>[2]): Promise<number> =>
      (await archive.request('catalogue', path, options)).status;
    const body = { repair: false };
    for (const path of ['/upkeep/scrubs', '/upkeep/reconciliations', '/upkeep/rebuilds']) {
      expect(await status(path, { method: 'POST', body, token: TOKENS.reader })).toBe(403);
      expect(await status(path, { method: 'POST', body, token: null })).toBe(401);
      expect(await status(path, { token: TOKENS.reader })).toBe(403);
      expect(await status(`${path}/${ids[0]}`, { token: TOKENS.reader })).toBe(403);
      expect(await status(`${path}/${ids[0]}`, {})).toBe(404);
      expect(await status(`${path}/scrub`, {})).toBe(400);
      expect(await status(`${path}?cursor=x`, {})).toBe(400);
    }
    for (const wrong of [{}, { repair: 'yes' }, { repair: true, force: true }, undefined]) {
      expect(await status('/upkeep/reconciliations', { method: 'POST', body: wrong })).toBe(400);
    }
    const refused = await archive.request('catalogue', '/upkeep/rebuilds', { method: 'POST' });
    expect(refused.status).toBe(409);
    expect((await refused.json()) as Problem).toMatchObject({ code: 'catalogue.not-empty', status: 409 });
  });

  it('rebuilds a dropped catalogue with the same content', async () => {
    const before = await dumpCatalogue(archive.db);
    const part = await firstPart();
    await archive.halt('catalogue');
    await archive.db.pool.query('DROP SCHEMA catalogue CASCADE');
    await archive.run(catalogue);
    expect((await archive.request('catalogue', part.url)).status).toBe(404);
    const rebuild = await get<RebuildWithFindings>(await archive.upkeep('rebuilds'));
    expect(rebuild).toMatchObject({ deliveries: 3, findingCount: 0, findings: { items: [], next: null } });
    expect(await dumpCatalogue(archive.db)).toEqual(before);
    expect(sha256(await bytesOf(part.url))).toBe(part.sha256);
  });
});

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Returns the contents of a multipart/byteranges body. */
function byteRanges(contentType: string | null, body: Buffer): Buffer[] {
  const boundary = /boundary=(\S+)$/.exec(contentType ?? '')?.[1];
  const text = body.toString('latin1');
  return text
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => Buffer.from(part.slice(part.indexOf('\r\n\r\n') + 4, -2), 'latin1'));
}
