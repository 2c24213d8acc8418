import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import {
  type Answer,
  cut,
  cutAfter,
  endingWith,
  FaultyServer,
  fileOf,
  says,
  silence,
  silentAfter,
} from './testing/faulty-server';
import { sourceConformance } from './testing/source.conformance';
import { HttpsSource } from './https.source';
import { DEFAULT_REOPEN_POLICY, type ReopenPolicy } from './resumable-read';
import { piecesOf } from './testing/pieces-of';

const FILE = randomBytes(3_000_000);
const SHORT: ReopenPolicy = { ...DEFAULT_REOPEN_POLICY, initialInterval: 1, progressBytes: 1024 };
const CHANGED = 'Mon, 03 Nov 2014 08:00:00 GMT';

sourceConformance('an HTTPS server', async () => {
  const server = await FaultyServer.start();
  const files = new Map<string, Buffer>();
  server.plays((request, response) => {
    const file = files.get(request.url ?? '');
    (file === undefined ? says(404) : fileOf(file))(request, response);
  });
  return {
    put: async (name, bytes) => {
      const path = `/${encodeURIComponent(name)}`;
      files.set(path, bytes);
      return `https://${server.host}${path}`;
    },
    forbidden: 'https://127.0.0.1:1/file',
    missing: `https://${server.host}/missing`,
    at: (location, size) => new HttpsSource(location, size, { hosts: [server.host], dispatcher: server.agent }),
    stop: () => server.stop(),
  };
});

/** A server that fails as real servers do. */
describe('HttpsSource', () => {
  let server: FaultyServer;
  beforeAll(async () => {
    server = await FaultyServer.start();
  });
  afterAll(() => server.stop());

  const read = (reopen: Partial<ReopenPolicy> = {}, size = FILE.length): Promise<Buffer> => {
    const access = { hosts: [server.host], dispatcher: server.agent, reopen: { ...SHORT, ...reopen } };
    const source = new HttpsSource(`https://${server.host}/part.tar`, size, access);
    return buffer(piecesOf(source, new AbortController().signal));
  };
  const good = fileOf(FILE);

  it('reads a file', async () => {
    server.plays(good);
    expect((await read()).equals(FILE)).toBe(true);
    expect(server.asked).toEqual([{ range: undefined, ifRange: undefined }]);
  });

  describe('resumes at the next byte', () => {
    it.each<[string, Answer]>([
      ['the connection was lost', cutAfter(1_000_000, good)],
      ['the server stopped sending', silentAfter(1_000_000, good)],
    ])('after %s, by range of the same file', async (_, fault) => {
      server.plays(fault, good);
      expect((await read({ silence: 1_000 })).equals(FILE)).toBe(true);
      expect(server.asked[1]).toEqual({ range: 'bytes=1000000-', ifRange: '"v1"' });
    });

    it('any number of times while there is progress in between', async () => {
      server.plays(...Array.from({ length: 29 }, () => cutAfter(100_000, good)), good);
      expect((await read()).equals(FILE)).toBe(true);
      expect(server.asked).toHaveLength(30);
    });

    it('by the modification time when there is no ETag', async () => {
      const dated = fileOf(FILE, { 'last-modified': CHANGED });
      server.plays(cutAfter(1_000_000, dated), dated);
      expect((await read()).equals(FILE)).toBe(true);
      expect(server.asked[1]?.ifRange).toBe(CHANGED);
    });

    it('when the server sends the same file from the beginning, without ranges', async () => {
      const whole = says200(FILE, { etag: '"v1"' });
      server.plays(cutAfter(1_000_000, whole), cutAfter(2_000_000, whole), whole);
      expect((await read()).equals(FILE)).toBe(true);
    });

    it('after temporary errors', async () => {
      server.plays(says(503), says(429), cut, good);
      expect((await read()).equals(FILE)).toBe(true);
    });
  });

  describe('fails instead of joining two files', () => {
    const other = randomBytes(FILE.length);
    it.each<[string, Answer]>([
      ['the server sends a whole other file', fileOf(other, { etag: '"v2"' })],
      ['it sends a range of another file', range206(other, { etag: '"v2"' })],
      ['it sends another range', range206(FILE, { etag: '"v1"' }, 1)],
      ['it sends a range of a file of another length', range206(FILE.subarray(1), { etag: '"v1"' })],
      ['the file ends before the range', says(416, { 'content-range': 'bytes */10' })],
    ])('when %s', async (_, second) => {
      server.plays(cutAfter(1_000_000, good), second);
      await expect(read()).rejects.toMatchObject({
        code: 'source.changed',
        expected: expect.stringContaining('1000000') as string,
      });
    });

    it.each<[string, Record<string, string>]>([
      ['says nothing about its version', {}],
      ['has a weak ETag', { etag: 'W/"v1"' }],
    ])('when the server %s', async (_, headers) => {
      server.plays(cutAfter(1_000_000, fileOf(FILE, headers)), good);
      await expect(read()).rejects.toMatchObject({ code: 'source.not-resumable', retry: { maximumAttempts: 8 } });
      expect(server.asked).toHaveLength(1);
    });
  });

  describe('fails after', () => {
    it.each<[string, Answer]>([
      ['connections are lost', cut],
      ['the server fails', says(500)],
    ])('five attempts when %s', async (_, fault) => {
      server.plays(fault);
      await expect(read()).rejects.toMatchObject({ code: 'source.unavailable', retry: { maximumAttempts: 8 } });
      expect(server.asked).toHaveLength(5);
    });

    it('the time-out when the server never responds', async () => {
      server.plays(silence);
      await expect(read({ silence: 100 })).rejects.toMatchObject({
        code: 'source.unavailable',
        retry: { maximumAttempts: 8 },
      });
    });

    it.each<[string, Answer[]]>([
      ['a server that never responds', [silence]],
      ['a server that is silent after some bytes', [silentAfter(500, good)]],
      ['a server that fails in between', [silence, says(503), silence]],
    ])('two attempts at %s, so that the slot of the transfer becomes free', async (_, script) => {
      server.plays(...script);
      await expect(read({ silence: 200, initialInterval: 50 })).rejects.toMatchObject({ code: 'source.unavailable' });
      expect(server.asked.length).toBeLessThanOrEqual(3);
    });

    it('a longer time-out once much has been read: another run would read it again', async () => {
      const slow = endingWith(good, (_, response, body) => {
        response.write(body.subarray(0, 2_000_000));
        setTimeout(() => response.write(body.subarray(2_000_000)), 400);
      });
      server.plays(slow, silence);
      const policy = { silence: 500, maximumAttempts: 1 };
      await expect(read(policy)).rejects.toMatchObject({ code: 'source.unavailable', isSilence: true });
      server.plays(slow, silence);
      expect((await read({ ...policy, costlyBytes: 1_000_000 })).equals(FILE)).toBe(true);
    });

    it('the time-out when the server sends too slowly', async () => {
      const drip: Answer = (request, response) => {
        response.writeHead(200, { 'content-length': FILE.length, etag: '"v1"' });
        const timer = setInterval(() => response.write('.'), 5);
        request.socket.once('close', () => clearInterval(timer));
      };
      server.plays(drip);
      await expect(read({ silence: 60, maximumAttempts: 1 })).rejects.toMatchObject({
        code: 'source.unavailable',
        message: expect.stringContaining('timed out') as string,
      });
    });
  });

  describe('reports', () => {
    it.each<[string, Answer, object]>([
      [
        'a web page',
        says(200, { 'content-type': 'text/html; charset=utf-8' }, '<p>Log in'),
        { code: 'source.web-page' },
      ],
      [
        'a web page without a content type',
        says(200, {}, '\n<!DOCTYPE html><title>Session expired'),
        { code: 'source.web-page' },
      ],
      [
        'another length',
        fileOf(FILE.subarray(7)),
        { code: 'source.other-length', found: expect.stringContaining('2999993') as string },
      ],
      ['a missing file', says(404), { code: 'source.not-found', retry: { maximumAttempts: 3 } }],
      ['a forbidden file', says(403), { code: 'source.denied', retry: { maximumAttempts: 3 } }],
      [
        'a content encoding',
        says(200, { 'content-encoding': 'gzip' }),
        { code: 'source.unusable', retry: { maximumAttempts: 1 } },
      ],
      ['an endless redirect', says(302, { location: '/again' }), { code: 'source.unusable' }],
      [
        'a redirect to a server that is not allowed',
        says(302, { location: 'https://example.org/' }),
        { code: 'source.not-allowed' },
      ],
      ['a redirect to http', says(302, { location: 'http://127.0.0.1/' }), { code: 'source.not-allowed' }],
    ])('%s', async (_, answer, error) => {
      server.plays(answer);
      await expect(read()).rejects.toMatchObject(error);
    });
  });

  it.each<[string, Answer, string]>([
    ['disappears', says(404), 'source.not-found'],
    ['becomes forbidden', says(403), 'source.denied'],
    // The next read from the beginning reports the web page.
    ['becomes a web page', says(200, { 'content-type': 'text/html' }, '<p>Log in'), 'source.changed'],
  ])('reports when the file %s in the middle of a download', async (_, then, code) => {
    server.plays(cutAfter(1_000_000, good), then);
    await expect(read()).rejects.toMatchObject({ code });
  });

  it('follows a redirect to an allowed server', async () => {
    server.plays(says(307, { location: '/elsewhere/part.tar' }), good);
    expect((await read()).equals(FILE)).toBe(true);
  });

  it('stops immediately when it is aborted', async () => {
    server.plays(silentAfter(10, good));
    const stop = new AbortController();
    const source = new HttpsSource(`https://${server.host}/`, FILE.length, {
      hosts: [server.host],
      dispatcher: server.agent,
    });
    const reading = (async () => {
      for await (const piece of piecesOf(source, stop.signal, 10)) stop.abort(new Error(`enough: ${piece.length}`));
    })();
    await expect(reading).rejects.toThrow('enough: 10');
  });

  it('refuses a server that is not configured', async () => {
    const source = new HttpsSource('https://localhost/part.tar', 1, { hosts: [server.host] });
    await expect(buffer(piecesOf(source, new AbortController().signal))).rejects.toMatchObject({
      code: 'source.not-allowed',
      retry: { maximumAttempts: 1 },
    });
  });
});

/** Sends the whole file for any request, as a server without ranges does. */
function says200(content: Buffer, headers: Record<string, string>): Answer {
  return (_, response) => void response.writeHead(200, { 'content-length': content.length, ...headers }).end(content);
}

/** Sends a range that begins `beside` bytes after the requested one. */
function range206(content: Buffer, headers: Record<string, string>, beside = 0): Answer {
  return (request, response) => {
    const from = Number(/\d+/.exec(request.headers.range ?? '')?.[0]) + beside;
    const rest = content.subarray(from);
    const contentRange = `bytes ${from}-${content.length - 1}/${content.length}`;
    response.writeHead(206, { 'content-range': contentRange, 'content-length': rest.length, ...headers }).end(rest);
  };
}
