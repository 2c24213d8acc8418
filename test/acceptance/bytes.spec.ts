import { get } from 'node:http';
import { Readable } from 'node:stream';
import { memberFileSchema, ousOf, partLinkSchema, type Qa2Status } from '@almagest/contracts';
import { inspectFits } from '@almagest/fits';
import { Archive } from './harness/archive';
import { IS_SEPARATE } from './harness/built';
import { sha256 } from './harness/posting';
import { type SampleFile, sampleDelivery, sampleFiles, samplePart, sampleResult } from './harness/sample';
import { waitFor } from '../harness/wait-for';

const STORY = ['member12m', 'member7m', 'group'] as const;
const results = {
  member12m: sampleResult('member12m'),
  member7m: sampleResult('member7m'),
  group: sampleResult('group'),
};
const [largest] = sampleDelivery(ousOf(results.member12m)).product_tars;
if (largest === undefined) throw new Error('the sample has no part');

describe('downloaded bytes', () => {
  let archive: Archive;
  const delivered = new Map<string, Qa2Status>();
  const idOf = (name: string): string => delivered.get(name)?.id ?? '';
  const partUrl = (): string => `/deliveries/${idOf('member12m')}/parts/${largest.name}`;

  beforeAll(async () => {
    archive = await Archive.start();
    for (const name of STORY) delivered.set(name, await archive.client.deliver(results[name]));
  });
  afterAll(() => archive.remove());

  it.each(STORY)('are those that were posted, for every part of %s', async (name) => {
    const { partList } = await archive.client.delivery(idOf(name));
    for (const { name: part, url, sha256: digest, size } of partList) {
      const bytes = await archive.client.download(url);
      expect([part, bytes.length, sha256(bytes)]).toEqual([part, size, digest]);
      expect(bytes.equals(samplePart(part))).toBe(true);
    }
  });

  it.each(STORY)('are those of the manifest, at its offset, for every file in %s', async (name) => {
    const expected = sampleFiles(sampleDelivery(ousOf(results[name])));
    const listed = await archive.client.all(`/deliveries/${idOf(name)}/files`, memberFileSchema, 7);
    const facts = ({ path, part, offset, size, sha256: digest }: SampleFile): unknown[] => [
      path,
      part,
      offset,
      size,
      digest,
    ];
    expect(listed.map(facts)).toEqual(expected.map(facts));
    for (const { url, path, part, offset, size, sha256: digest } of listed) {
      const bytes = await archive.client.download(url);
      expect([path, bytes.length, sha256(bytes)]).toEqual([path, size, digest]);
      expect(bytes.equals(samplePart(part).subarray(offset, offset + size))).toBe(true);
    }
  });

  it.each(STORY)('have the items and roles of §3 in the manifest of %s', async (name) => {
    const members = sampleDelivery(ousOf(results[name])).product_tars.flatMap((part) => part.members);
    const listed = await archive.client.all(`/deliveries/${idOf(name)}/files`, memberFileSchema);
    for (const { path, item, role } of listed) {
      const expected = members.find((member) => member.path === path);
      expect([path, item, role]).toEqual([path, expected?.item, expected?.role]);
    }
    for (const item of [1, 2, 4, 5, 6]) {
      const ofItem = await archive.client.all(`/deliveries/${idOf(name)}/files?item=${item}`, memberFileSchema, 3);
      expect(ofItem).toEqual(listed.filter((file) => file.item === item));
      expect(ofItem.length).toBeGreaterThan(0);
    }
    const role = listed[0]?.role ?? '';
    const ofRole = await archive.client.all(`/deliveries/${idOf(name)}/files?role=${role}`, memberFileSchema);
    expect(ofRole).toEqual(listed.filter((file) => file.role === role));
  });

  it('are described by the headers', async () => {
    const { headers, status } = await archive.client.request(partUrl(), { method: 'HEAD' });
    const digest = Buffer.from(largest.sha256, 'hex').toString('base64');
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-length': String(largest.size),
      'accept-ranges': 'bytes',
      etag: `"${largest.sha256}"`,
      'repr-digest': `sha-256=:${digest}:`,
      digest: `sha-256=${digest}`,
      'content-disposition': `attachment; filename=${largest.name}`,
      'content-type': 'application/x-tar',
      'x-content-type-options': 'nosniff',
    });
  });

  it('are described by HEAD as by GET, for files and parts', async () => {
    const [file] = await archive.client.all(`/deliveries/${idOf('group')}/files`, memberFileSchema);
    for (const url of [partUrl(), file?.url ?? '']) {
      const [head, whole] = [await archive.client.request(url, { method: 'HEAD' }), await archive.client.request(url)];
      const body = Buffer.from(await whole.arrayBuffer());
      expect(await head.text()).toBe('');
      const compared = [
        'content-length',
        'etag',
        'repr-digest',
        'content-disposition',
        'content-type',
        'accept-ranges',
      ];
      for (const name of compared) expect([name, head.headers.get(name)]).toEqual([name, whole.headers.get(name)]);
      expect(head.headers.get('content-length')).toBe(String(body.length));
      expect(head.headers.get('repr-digest')).toBe(`sha-256=:${Buffer.from(sha256(body), 'hex').toString('base64')}:`);
    }
  });

  describe('by name', () => {
    const files = sampleFiles(sampleDelivery(ousOf(results.member12m)));
    const log = files.find(({ path }) => path.endsWith('/combined.log')) as SampleFile;

    it.each([
      ['a part', largest.name, largest.name, largest],
      ['a file with a name of its own', 'combined.log', 'combined.log', log],
      ['a file by its path', log.path, 'combined.log', log],
    ])('are those of %s', async (_what, name, saved, expected) => {
      const url = `/dataPortal/${name}`;
      const head = await archive.client.request(url, { method: 'HEAD', token: null });
      expect(Object.fromEntries(head.headers)).toMatchObject({
        'content-length': String(expected.size),
        'accept-ranges': 'bytes',
        etag: `"${expected.sha256}"`,
        'content-disposition': `attachment; filename=${saved}`,
      });
      // A client may open the whole, look at the headers, and continue with a range.
      const given = new AbortController();
      expect((await archive.client.request(url, { token: null, signal: given.signal })).status).toBe(200);
      given.abort();
      const range = { range: 'bytes=100-', 'if-range': `"${expected.sha256}"` };
      const rest = await archive.client.request(url, { token: null, headers: range });
      expect(rest.status).toBe(206);
      const start = Buffer.from(
        await (await archive.client.request(url, { headers: { range: 'bytes=0-99' } })).arrayBuffer(),
      );
      expect(sha256(Buffer.concat([start, Buffer.from(await rest.arrayBuffer())]))).toBe(expected.sha256);
    });

    it('are refused when the name means several files, none, or raw data', async () => {
      const several = await archive.client.refusal('/dataPortal/README', { token: null });
      expect([several.status, several.code]).toEqual([409, 'catalogue.name-ambiguous']);
      const [, first = ''] = /: (\/dataPortal\/\S+),/.exec(several.detail ?? '') ?? [];
      expect((await archive.client.request(first, { method: 'HEAD', token: null })).status).toBe(200);
      const none = await archive.client.refusal('/dataPortal/no.fits');
      expect([none.status, none.code]).toEqual([404, 'catalogue.name-unknown']);
      const raw = await archive.client.refusal('/dataPortal/2013.1.09999.S_uid___A002_X1_Xb1.asdm.sdm.tar', {
        token: null,
      });
      expect([raw.status, raw.code]).toEqual([409, 'catalogue.raw-data-on-request']);
      expect(raw.detail).toContain('POST /raw-requests with {"ous": "uid://A001/X1/Xa3"}');
    });
  });

  describe('of a part of an image', () => {
    const file = sampleFiles(sampleDelivery(ousOf(results.member12m))).find(({ path }) =>
      path.endsWith('CO_21.pbcor.fits'),
    );
    const ID = file?.path ?? '';
    const whole = samplePart(file?.part ?? '').subarray(file?.offset, (file?.offset ?? 0) + (file?.size ?? 0));
    const soda = (parameters: Record<string, string>, method = 'GET'): Promise<Response> =>
      archive.client.request(`/soda/sync?${new URLSearchParams(parameters).toString()}`, { method, token: null });
    const imageOf = async (bytes: Buffer): Promise<NonNullable<Awaited<ReturnType<typeof inspectFits>>['image']>> => {
      const { image } = await inspectFits(Readable.from([bytes]));
      if (image === null) throw new Error('no image');
      return image;
    };

    it('are a FITS file with the channels and the box of pixels that are requested, by GET and POST', async () => {
      const image = await imageOf(whole);
      const { lon, lat } = image.coverage?.centre ?? { lon: 0, lat: 0 };
      const { minimumHz, channelWidthHz } = image.spectral ?? { minimumHz: 0, channelWidthHz: 0 };
      const edges = [3, 1].map((channels) => 299_792_458 / (minimumHz + channels * channelWidthHz));
      const radius = (4.9 * (image.sky?.pixelArcsec[0] ?? 0)) / 3600;
      const parameters = { ID, CIRCLE: `${lon} ${lat} ${radius}`, BAND: edges.join(' ') };
      const answer = await soda(parameters);
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/fits']);
      expect(answer.headers.get('content-length')).toBe(String(bytes.length));
      expect(answer.headers.get('content-disposition')).toBe('attachment; filename=NGC9999.CO_21.pbcor.cutout.fits');
      expect((await soda(parameters, 'HEAD')).headers.get('content-length')).toBe(String(bytes.length));
      const cut = await imageOf(bytes);
      expect(cut.shape).toEqual([10, 10, 2, 1]);
      expect(cut.coverage?.centre?.lon).toBeCloseTo(lon, 9);
      expect(cut.spectral?.channelWidthHz).toBeCloseTo(channelWidthHz, 0);
      const posted = await archive.client.request('/soda/sync', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(parameters).toString(),
        token: null,
      });
      expect(Buffer.from(await posted.arrayBuffer()).equals(bytes)).toBe(true);
      const all = await imageOf(Buffer.from(await (await soda({ ID })).arrayBuffer()));
      expect(all.shape).toEqual(image.shape);
    });

    it.each<[string, Record<string, string>, number, string]>([
      ['nothing', { ID, CIRCLE: '0 80 0.1' }, 204, ''],
      ['time', { ID, TIME: '55000 56000' }, 400, 'UsageError: TIME cannot be cut'],
      ['no number', { ID, CIRCLE: '1 2 x' }, 400, 'UsageError: CIRCLE is'],
      ['two shapes', { ID, CIRCLE: '1 2 3', POS: 'CIRCLE 1 2 3' }, 400, 'MultiValuedParamNotSupported: '],
      ['a name of several images', { ID: 'NGC9999.CO_21.pbcor.fits' }, 400, 'UsageError: Several files have the name'],
      ['a tar', { ID: largest.name }, 400, `UsageError: ${largest.name} is a tar`],
      ['another file', { ID: ID.replace(/product.*$/, 'README') }, 400, 'UsageError: README is no FITS image'],
      ['no image of the archive', { ID: 'no.fits' }, 401, 'AuthenticationError: '],
    ])('are refused as SODA says: %s', async (_, parameters, status, text) => {
      const answer = await soda(parameters);
      expect([answer.status, await answer.text()]).toEqual([status, expect.stringMatching(new RegExp(`^${text}`))]);
      if (status !== 204) expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    });

    it('are described by documents of the service', async () => {
      const capabilities = await (await archive.client.request('/soda/capabilities', { token: null })).text();
      expect(capabilities).toContain('standardID="ivo://ivoa.net/std/SODA#sync-1.0"');
      expect(capabilities).toContain('of at most 2147483648 bytes');
      const availability = await (await archive.client.request('/soda/availability', { token: null })).text();
      expect(availability).toContain('<vosi:available>true</vosi:available>');
    });
  });

  it('can be downloaded by a link without a token, if the object store has such links', async () => {
    const { url, presigned, expiresAt, ...part } = await archive.client.get(
      `${partUrl()}/link?seconds=60`,
      partLinkSchema,
    );
    expect(part).toEqual({ size: largest.size, sha256: largest.sha256 });
    expect(presigned).toBe(IS_SEPARATE);
    if (!presigned) {
      expect([url, expiresAt]).toEqual([partUrl(), null]);
      return;
    }
    expect(Date.parse(expiresAt ?? '') - Date.now()).toBeLessThanOrEqual(60_000);
    const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
    expect(sha256(bytes)).toBe(largest.sha256);
    const range = await fetch(url, { headers: { range: 'bytes=10-19' } });
    expect(Buffer.from(await range.arrayBuffer())).toEqual(bytes.subarray(10, 20));
    // The link opens only this object, and only as it was signed.
    expect((await fetch(url.replace(/.$/, (last) => (last === '0' ? '1' : '0')))).status).toBe(403);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
  });

  describe('in ranges', () => {
    const { size } = largest;
    const bytes = samplePart(largest.name);
    const file = sampleFiles(sampleDelivery(ousOf(results.member12m))).find(({ path }) => path.endsWith('README'));

    it.each([
      ['the first byte', 'bytes=0-0', 0, 0],
      ['the last byte', `bytes=${size - 1}-`, size - 1, size - 1],
      ['a suffix', 'bytes=-1000', size - 1000, size - 1],
      ['the middle', `bytes=${(size >> 1) - 5}-${(size >> 1) + 5}`, (size >> 1) - 5, (size >> 1) + 5],
      ['the rest', 'bytes=5000000-', 5_000_000, size - 1],
      ['more than there is', `bytes=5580000-${size + 1000}`, 5_580_000, size - 1],
      ['a suffix longer than the whole', `bytes=-${size + 1}`, 0, size - 1],
      ['the whole', `bytes=0-${size - 1}`, 0, size - 1],
    ])('%s', async (_, range, first, last) => {
      const response = await archive.client.request(partUrl(), { headers: { range } });
      expect(response.status).toBe(206);
      expect(response.headers.get('content-range')).toBe(`bytes ${first}-${last}/${size}`);
      expect(response.headers.get('content-length')).toBe(String(last - first + 1));
      expect(response.headers.get('etag')).toBe(`"${largest.sha256}"`);
      expect(Buffer.from(await response.arrayBuffer()).equals(bytes.subarray(first, last + 1))).toBe(true);
    });

    it('returns a range of a file inside a part', async () => {
      const { path, offset, size: length } = file as SampleFile;
      const url = `/deliveries/${idOf('member12m')}/files/${path}`;
      const response = await archive.client.request(url, { headers: { range: 'bytes=10-19' } });
      expect([response.status, response.headers.get('content-range')]).toEqual([206, `bytes 10-19/${length}`]);
      expect(Buffer.from(await response.arrayBuffer()).equals(bytes.subarray(offset + 10, offset + 20))).toBe(true);
    });

    it('never reads beyond the file into the part around it', async () => {
      const { path, offset, size: length } = file as SampleFile;
      const url = `/deliveries/${idOf('member12m')}/files/${path}`;
      const whole = await archive.client.download(url, { range: `bytes=0-${length + 511}` });
      expect(whole.equals(bytes.subarray(offset, offset + length))).toBe(true);
      expect((await archive.client.refusal(url, { headers: { range: `bytes=${length}-` } })).status).toBe(416);
    });

    it('answers 416 for a range that does not exist', async () => {
      const response = await archive.client.request(partUrl(), { headers: { range: `bytes=${size}-` } });
      expect([response.status, response.headers.get('content-range')]).toEqual([416, `bytes */${size}`]);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
    });

    it.each([
      ['another unit', 'lines=1-2'],
      ['an invalid range', 'bytes=abc'],
    ])('returns the whole for %s', async (_, range) => {
      const response = await archive.client.request(partUrl(), { headers: { range } });
      expect([response.status, response.headers.get('content-length')]).toEqual([200, String(size)]);
      expect(sha256(Buffer.from(await response.arrayBuffer()))).toBe(largest.sha256);
    });

    it('returns several ranges, each with its position', async () => {
      const response = await archive.client.request(partUrl(), { headers: { range: 'bytes=0-0,1000-1019' } });
      expect([response.status, response.headers.get('content-type')]).toEqual([
        206,
        expect.stringMatching(/^multipart\/byteranges; ?boundary=/),
      ]);
      const body = Buffer.from(await response.arrayBuffer()).toString('latin1');
      expect(body).toContain(`Content-Range: bytes 0-0/${size}`);
      expect(body).toContain(`Content-Range: bytes 1000-1019/${size}`);
    });

    it('returns the whole file over a resumed download', async () => {
      const pieces: Buffer[] = [];
      for (let at = 0; at < size; at += 1_500_000) {
        const range = `bytes=${at}-${at + 1_499_999}`;
        pieces.push(await archive.client.download(partUrl(), { range, 'if-range': `"${largest.sha256}"` }));
      }
      expect(sha256(Buffer.concat(pieces))).toBe(largest.sha256);
    });
  });

  describe('conditional requests', () => {
    it('If-Range returns the range of an unchanged part, and the whole of a changed one', async () => {
      const range = 'bytes=0-9';
      const statusFor = async (ifRange: string): Promise<number> => {
        const response = await archive.client.request(partUrl(), { headers: { range, 'if-range': ifRange } });
        await response.body?.cancel();
        return response.status;
      };
      expect(await statusFor(`"${largest.sha256}"`)).toBe(206);
      for (const other of [`"${'0'.repeat(64)}"`, `W/"${largest.sha256}"`, 'Mon, 01 Dec 2014 15:20:00 GMT']) {
        expect([other, await statusFor(other)]).toEqual([other, 200]);
      }
    });

    it.each([
      ['the same', (etag: string) => etag, 304],
      ['one of several', (etag: string) => `"other", ${etag}`, 304],
      ['the same, weakly compared', (etag: string) => `W/${etag}`, 304],
      ['any', () => '*', 304],
      ['another', () => '"other"', 200],
    ])('If-None-Match: %s', async (_, header, expected) => {
      const etag = `"${largest.sha256}"`;
      const response = await archive.client.request(partUrl(), { headers: { 'if-none-match': header(etag) } });
      expect([response.status, response.headers.get('etag')]).toEqual([expected, etag]);
      expect((await response.arrayBuffer()).byteLength).toBe(expected === 304 ? 0 : largest.size);
    });
  });

  describe('clients that disconnect', () => {
    it('stop the reading of the part, and do not affect other clients', async () => {
      const openBefore = await openFiles();
      await Promise.all(Array.from({ length: 40 }, () => goAwayInTheMiddle()));
      const ready = await archive.client.request('/health/ready', { token: null });
      expect(ready.status).toBe(200);
      expect(sha256(await archive.client.download(partUrl()))).toBe(largest.sha256);
      await waitFor('the files to be closed', async () => (await openFiles()) <= openBefore + 2);
    });

    /** Reads the first bytes of the part, then closes the connection. */
    async function goAwayInTheMiddle(): Promise<void> {
      const headers = { authorization: archive.client.authorization };
      await new Promise<void>((resolve, reject) => {
        const request = get(new URL(partUrl(), archive.client.url), { headers, agent: false }, (response) => {
          response.once('data', () => request.destroy());
          response.once('close', resolve);
        });
        request.on('error', reject);
      });
    }

    /** Returns the number of open files and sockets of the archive, by its metrics; 0 on systems without this metric. */
    async function openFiles(): Promise<number> {
      const metrics = await (await archive.client.request('/metrics', { token: null })).text();
      return Number(/^process_open_fds (\d+)$/m.exec(metrics)?.[1] ?? 0);
    }
  });
});
