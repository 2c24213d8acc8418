import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { ObjectStoreError } from '@almagest/object-store';
import { HttpException } from '@nestjs/common';
import express from 'express';
import { DomainError } from '../../errors';
import { DownloadSlots } from '../download-slots';
import { sendStored, type StoredContent } from './send-stored';

const bytes = randomBytes(100_000);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const LAST_MODIFIED = 'Mon, 23 Nov 2026 06:00:00 GMT';

const content: StoredContent = {
  fileName: 'NGC9999.fits',
  size: bytes.length,
  sha256,
  lastModified: new Date('2026-11-23T06:00:00.500Z'),
  read: async (range) => Readable.from([range === null ? bytes : bytes.subarray(range.start, range.end + 1)]),
  check: async () => undefined,
};
const sha256Of = (of: Buffer): string => createHash('sha256').update(of).digest('hex');

describe('sendStored', () => {
  let server: Server;
  let base: string;
  let contents: Record<string, StoredContent>;
  let thrown: unknown[];
  let slots: DownloadSlots;
  let isLate: (response: express.Response) => Promise<unknown>;

  beforeAll(async () => {
    const app = express();
    app.get('/:name', async (request, response) => {
      await isLate(response);
      sendStored(contents[request.params.name] ?? content, request, response, slots).catch((error: unknown) => {
        thrown.push(error);
        if (response.headersSent) response.destroy();
        else response.status(599).json([response.getHeaderNames(), error instanceof Error ? error.message : '']);
      });
    });
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    thrown = [];
    contents = {};
    isLate = async () => undefined;
    slots = new DownloadSlots({ MAX_DOWNLOADS: 10, MAX_DOWNLOADS_PER_CALLER: 10 });
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const get = (headers: Record<string, string | undefined> = {}, method = 'GET', name = 'file'): Promise<Response> =>
    fetch(`${base}/${name}`, { headers: Object.entries(headers) as [string, string][], method });
  const bodyOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

  it('sends the whole content with its headers', async () => {
    const response = await get();
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'accept-ranges': 'bytes',
      'content-length': '100000',
      'content-type': 'application/fits',
      'content-disposition': 'attachment; filename=NGC9999.fits',
      etag: `"${sha256}"`,
      'last-modified': LAST_MODIFIED,
      'repr-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
      'cache-control': 'private, no-cache',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
    });
    expect(await bodyOf(response)).toEqual(bytes);
  });

  it('sends the same headers for HEAD, without a body, and ignores ranges (§14.2)', async () => {
    const response = await get({ range: 'bytes=0-9' }, 'HEAD');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe('100000');
    expect(response.headers.get('content-range')).toBeNull();
    expect((await bodyOf(response)).length).toBe(0);
  });

  it('sends a single range', async () => {
    const response = await get({ range: 'bytes=10-19' });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe('bytes 10-19/100000');
    expect(response.headers.get('content-type')).toBe('application/fits');
    expect(response.headers.get('content-length')).toBe('10');
    expect(response.headers.get('repr-digest')).toContain(Buffer.from(sha256, 'hex').toString('base64'));
    expect(await bodyOf(response)).toEqual(bytes.subarray(10, 20));
  });

  it('sends several ranges as multipart/byteranges with the right Content-Length (§14.6)', async () => {
    const response = await get({ range: 'bytes=50000-50009,0-4,-3' });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBeNull();
    const boundary = /^multipart\/byteranges; boundary=([\w-]{1,70})$/.exec(
      response.headers.get('content-type') ?? '',
    )?.[1];
    const body = await bodyOf(response);
    expect(response.headers.get('content-length')).toBe(String(body.length));
    const expected = [
      [50_000, 50_009],
      [0, 4],
      [99_997, 99_999],
    ].flatMap(([start = 0, end = 0], index) => [
      `${index === 0 ? '' : '\r\n'}--${boundary}\r\nContent-Type: application/fits\r\nContent-Range: bytes ${start}-${end}/100000\r\n\r\n`,
      bytes.subarray(start, end + 1),
    ]);
    expect(body).toEqual(Buffer.concat([...expected, `\r\n--${boundary}--\r\n`].map((piece) => Buffer.from(piece))));
  });

  it('sends adjacent ranges as one range, not as multipart (§15.3.7.2)', async () => {
    const response = await get({ range: 'bytes=0-9,10-19' });
    expect([response.status, response.headers.get('content-range')]).toEqual([206, 'bytes 0-19/100000']);
  });

  it.each([
    ['the current ETag', `"${sha256}"`, 206],
    ['the current date', LAST_MODIFIED, 206],
    ['another ETag', '"other"', 200],
    ['another date', 'Mon, 23 Nov 2026 06:00:01 GMT', 200],
  ])('applies a range by If-Range: %s', async (_what, ifRange, status) => {
    expect((await get({ range: 'bytes=0-1', 'if-range': ifRange })).status).toBe(status);
  });

  it('checks If-Range before it refuses a range outside the content (§13.2.2)', async () => {
    expect((await get({ range: 'bytes=999999-', 'if-range': '"other"' })).status).toBe(200);
  });

  it.each(['GET', 'HEAD'])(
    'answers %s with 304 when the client has the content, with or without a range',
    async (method) => {
      for (const condition of [{ 'if-none-match': `"x", "${sha256}"` }, { 'if-modified-since': LAST_MODIFIED }]) {
        const response = await get({ ...condition, range: 'bytes=0-1' }, method);
        expect(response.status).toBe(304);
        expect(response.headers.get('etag')).toBe(`"${sha256}"`);
        expect(response.headers.get('last-modified')).toBe(LAST_MODIFIED);
        expect(response.headers.get('content-type')).toBeNull();
      }
    },
  );

  it('answers 412 when If-Match names other content', async () => {
    await get({ 'if-match': '"other"' });
    expect(thrown).toEqual([expect.any(HttpException)]);
    expect((thrown[0] as HttpException).getStatus()).toBe(412);
  });

  it('refuses a range outside the content with its size, and without headers of the content', async () => {
    const response = await get({ range: 'bytes=100000-' });
    const [names] = (await response.json()) as [string[]];
    expect(thrown[0]).toMatchObject({ kind: 'range-not-satisfiable' });
    expect((thrown[0] as DomainError).detail.headers).toEqual({ 'Content-Range': 'bytes */100000' });
    expect(names).not.toEqual(expect.arrayContaining(['etag']));
    expect(names).not.toEqual(expect.arrayContaining(['content-disposition']));
  });

  it('sends an empty file', async () => {
    contents['empty'] = { ...content, size: 0, sha256: sha256Of(Buffer.alloc(0)), read: async () => Readable.from([]) };
    for (const headers of [{}, { range: 'bytes=-1' }]) {
      const response = await get(headers, 'GET', 'empty');
      expect([response.status, response.headers.get('content-length')]).toEqual([200, '0']);
    }
  });

  it('escapes the file name', async () => {
    contents['odd'] = { ...content, fileName: 'a"b\r\nSet-Cookie: x=é.html' };
    const response = await get({}, 'GET', 'odd');
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(response.headers.get('content-disposition')).toMatch(/^attachment;/);
    expect(response.headers.get('content-type')).toBe('text/html');
  });

  it('answers 503 when the object store fails for now, before any header is sent', async () => {
    const failure = new ObjectStoreError('object-store.unavailable', 'away');
    contents['away'] = { ...content, read: () => Promise.reject(failure) };
    for (const headers of [{}, { range: 'bytes=0-1,5-6' }]) {
      const [names] = (await (await get(headers, 'GET', 'away')).json()) as [string[]];
      const [error] = thrown.splice(0) as [HttpException];
      expect([error.getStatus(), error.cause]).toEqual([503, failure]);
      expect(names).not.toEqual(expect.arrayContaining(['etag']));
    }
  });

  it('answers HEAD as GET when the bytes are not there', async () => {
    const failure = new DomainError('unavailable', 'object-store.lost', 'lost');
    const failing = (): Promise<never> => Promise.reject(failure);
    contents['lost'] = { ...content, read: failing, check: failing };
    for (const method of ['GET', 'HEAD']) expect((await get({}, method, 'lost')).status).toBe(599);
    expect(thrown).toEqual([failure, failure]);
  });

  describe('compares the bytes with their digest', () => {
    const damaged = { kind: 'unavailable', code: 'http.content-damaged' };
    const pieces = [bytes.subarray(0, 60_000), bytes.subarray(60_000)];
    const ofPieces = (sha256: string): StoredContent => ({
      ...content,
      sha256,
      read: async (range) => Readable.from(range === null || range.end > 10 ? pieces : [bytes.subarray(0, 5)]),
    });

    it.each([{}, { range: 'bytes=0-' }])(
      'and closes the connection before the last piece, with %j',
      async (headers) => {
        contents['damaged'] = ofPieces('0'.repeat(64));
        const response = await get(headers, 'GET', 'damaged');
        expect(response.headers.get('content-length')).toBe('100000');
        let read = 0;
        const reading = (async () => {
          for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) read += piece.length;
        })();
        await expect(reading).rejects.toThrow();
        expect(read).toBeLessThanOrEqual(60_000);
        expect(thrown).toEqual([expect.objectContaining(damaged)]);
      },
    );

    it('and answers with the reason when it has sent nothing yet', async () => {
      contents['damaged'] = { ...content, sha256: '0'.repeat(64) };
      const [names] = (await (await get({}, 'GET', 'damaged')).json()) as [string[]];
      expect(thrown).toEqual([expect.objectContaining(damaged)]);
      expect(names).not.toEqual(expect.arrayContaining(['repr-digest']));
    });

    it('and sends all of them when they are intact', async () => {
      contents['intact'] = ofPieces(sha256);
      for (const headers of [{}, { range: 'bytes=0-99999' }]) {
        expect(await bodyOf(await get(headers, 'GET', 'intact'))).toEqual(bytes);
      }
    });

    it('unless the client gets a part of them', async () => {
      contents['damaged'] = ofPieces('0'.repeat(64));
      expect((await get({ range: 'bytes=0-4' }, 'GET', 'damaged')).status).toBe(206);
    });
  });

  describe('clients that do not read', () => {
    /** Opens a download and reads nothing of it. */
    async function stall(): Promise<Socket> {
      const socket = connect(Number(new URL(base).port), '127.0.0.1').on('error', () => undefined);
      socket.write('GET /endless HTTP/1.1\r\nHost: a\r\n\r\n');
      await once(socket, 'readable');
      return socket;
    }
    const endless = (onPiece: () => void): StoredContent => ({
      ...content,
      size: 2 ** 40,
      read: async (_range, signal) =>
        Readable.from(
          (function* () {
            for (;;) {
              onPiece();
              yield bytes;
            }
          })(),
          { signal, highWaterMark: 1 },
        ),
    });

    it('take no more than the operating system and a few pieces hold', async () => {
      let [taken, before] = [0, -1];
      contents['endless'] = endless(() => (taken += 1));
      const connections: Socket[] = [];
      server.on('connection', (socket: Socket) => connections.push(socket));
      const client = await stall();
      const served = connections.find(({ remotePort }) => remotePort === client.localPort) as Socket;
      while (taken !== before) {
        before = taken;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const inKernel = served.bytesWritten - served.writableLength;
      expect(taken * bytes.length - inKernel).toBeLessThanOrEqual(6 * bytes.length);
      client.destroy();
    });

    it('get nothing, and take no slot, when they have left before the content is found', async () => {
      let isOpened = false;
      contents['endless'] = endless(() => (isOpened = true));
      const left = new Promise((resolve) => {
        isLate = async (response) => {
          client.destroy();
          await once(response, 'close').then(resolve);
        };
      });
      const client = connect(Number(new URL(base).port), '127.0.0.1').on('error', () => undefined);
      client.write('GET /endless HTTP/1.1\r\nHost: a\r\n\r\n');
      await left;
      await new Promise(setImmediate);
      expect(isOpened).toBe(false);
      expect(thrown).toEqual([]);
    });

    it('keep others waiting only until they leave', async () => {
      slots = new DownloadSlots({ MAX_DOWNLOADS: 1, MAX_DOWNLOADS_PER_CALLER: 1 });
      const ended = new Promise((resolve) =>
        server.once('connection', (served: Socket) => served.once('close', resolve)),
      );
      contents['endless'] = endless(() => undefined);
      const client = await stall();
      expect((await get()).status).toBe(599);
      expect(thrown).toEqual([expect.objectContaining({ kind: 'unavailable', code: 'http.too-many-downloads' })]);
      expect((await get({}, 'HEAD')).status).toBe(200);
      client.destroy();
      await ended;
      expect((await get()).status).toBe(200);
    });
  });

  it('closes the connection when the object store fails midway, and throws', async () => {
    const failure = new ObjectStoreError('object-store.failed', 'disk');
    contents['torn'] = {
      ...content,
      read: async () =>
        Readable.from(
          (async function* () {
            yield bytes.subarray(0, 25_000);
            yield bytes.subarray(25_000, 50_000);
            throw failure;
          })(),
        ),
    };
    await expect(get({}, 'GET', 'torn').then(bodyOf)).rejects.toThrow();
    expect(thrown).toEqual([failure]);
  });

  it('stops reading when the client disconnects, without an error', async () => {
    let stopped: () => void = () => undefined;
    const reading = new Promise<void>((resolve) => (stopped = resolve));
    contents['endless'] = {
      ...content,
      size: 2 ** 40,
      read: async (_range, signal) => {
        signal.addEventListener('abort', () => stopped());
        return Readable.from(
          (async function* () {
            for (;;) yield bytes;
          })(),
          { signal },
        );
      },
    };
    const abort = new AbortController();
    const response = await fetch(`${base}/endless`, { signal: abort.signal });
    await response.body?.getReader().read();
    abort.abort();
    await reading;
    expect(thrown).toEqual([]);
  });
});
