import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { type ArchiveAddress, ArchiveRequests } from './archive-requests';

const ADDRESS: ArchiveAddress = { url: 'http://archive/base', token: 'secret' };
const schema = z.object({ id: z.string() });

function problem(status: number, fields: object): Response {
  const body = JSON.stringify({ type: 'about:blank', title: 'Title', status, ...fields });
  return new Response(body, { status, headers: { 'content-type': 'application/problem+json; charset=utf-8' } });
}

describe('a request to the archive', () => {
  const answer = jest.spyOn(globalThis, 'fetch');
  const requests = (address = ADDRESS, signal = new AbortController().signal): ArchiveRequests =>
    new ArchiveRequests(address, signal);

  beforeEach(() => answer.mockReset());
  afterAll(() => answer.mockRestore());

  it('sends the token and the query, and validates the answer', async () => {
    answer.mockResolvedValue(Response.json({ id: 'a', more: 1 }, { status: 202 }));
    const query = { limit: 5, cursor: undefined, role: 'a b' };
    await expect(requests().json(schema, { path: '/things', query })).resolves.toEqual({
      status: 202,
      value: { id: 'a' },
    });
    const [url, init] = answer.mock.calls[0] ?? [];
    expect((url as URL).href).toBe('http://archive/base/things?limit=5&role=a+b');
    expect(init).toMatchObject({ method: 'GET', headers: { authorization: 'Bearer secret' }, body: null });
  });

  it('sends documents as JSON', async () => {
    answer.mockResolvedValue(Response.json({ id: 'a' }));
    await requests().json(schema, { method: 'POST', path: '/things', body: { b: 1 } });
    expect(answer.mock.calls[0]?.[1]).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"b":1}',
    });
  });

  it('throws an error with every field of a refusal', async () => {
    const violations = [{ pointer: '/a', message: 'wrong' }];
    const differs = { differences: ['/b'], differingValues: [{ pointer: '/b', recorded: 1, posted: 2 }] };
    answer.mockResolvedValue(problem(409, { code: 'intake.conflict', detail: 'Why', violations, ...differs }));
    await expect(requests().json(schema, { path: '/' })).rejects.toMatchObject({
      code: 'archive-client.refused',
      message: 'Why',
      detail: { problem: 'intake.conflict', violations, ...differs },
    });
  });

  it('passes the advice of the address on when the token is refused', async () => {
    answer.mockResolvedValue(problem(401, {}));
    const address = { ...ADDRESS, hints: { unauthorised: ['give another token'], unreachable: ['start it'] } };
    await expect(requests(address).json(schema, { path: '/' })).rejects.toMatchObject({
      detail: { hints: ['give another token'] },
    });
  });

  it.each([
    ['an internal failure of the archive', problem(500, {}), 'archive-client.failed'],
    ['a gateway without its service', new Response('<html>', { status: 502 }), 'archive-client.unreachable'],
    ['a page from another server', new Response('<html>', { status: 404 }), 'archive-client.not-an-archive'],
    ['another server’s JSON error', Response.json({ error: 'x' }, { status: 400 }), 'archive-client.not-an-archive'],
    ['another server’s success', Response.json({ hello: 1 }), 'archive-client.not-an-archive'],
    ['a success that is not JSON', new Response('hello'), 'archive-client.not-an-archive'],
    [
      'a redirect',
      new Response(null, { status: 301, headers: { location: 'https://b/' } }),
      'archive-client.not-an-archive',
    ],
  ])('recognises %s', async (_title, response, code) => {
    answer.mockResolvedValue(response);
    await expect(requests().json(schema, { path: '/' })).rejects.toMatchObject({ code });
  });

  it.each([
    [{}, 'the archive at http://archive/base', []],
    [{ name: 'the archive here', hints: { unreachable: ['start it'] } }, 'the archive here', ['start it']],
  ])('names the archive that does not answer (%#)', async (more, name, hints) => {
    const cause = Object.assign(new Error(), { code: 'ECONNREFUSED' });
    answer.mockRejectedValue(new TypeError('fetch failed', { cause }));
    await expect(requests({ ...ADDRESS, ...more }).json(schema, { path: '/' })).rejects.toMatchObject({
      code: 'archive-client.unreachable',
      retryable: true,
      message: `${name} does not answer: the connection was refused`,
      detail: { hints },
    });
  });

  it('throws the reason of its signal', async () => {
    const controller = new AbortController();
    const reason = new Error('interrupted');
    answer.mockImplementation(async () => {
      controller.abort(reason);
      throw new TypeError('fetch failed');
    });
    await expect(requests(ADDRESS, controller.signal).json(schema, { path: '/' })).rejects.toBe(reason);
  });

  it('does not read an endless answer', async () => {
    const chunk = new Uint8Array(1024 * 1024);
    const endless = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(chunk) });
    answer.mockResolvedValue(new Response(endless));
    await expect(requests().json(schema, { path: '/' })).rejects.toMatchObject({
      code: 'archive-client.not-an-archive',
    });
  });

  it('does not read an endless refusal of a download', async () => {
    let read = 0;
    const chunk = new Uint8Array(1024 * 1024);
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        read += 1;
        controller.enqueue(chunk);
      },
    });
    answer.mockResolvedValue(new Response(endless, { status: 404 }));
    await expect(requests().download({ path: '/part' })).rejects.toMatchObject({
      code: 'archive-client.not-an-archive',
    });
    expect(read).toBeLessThan(10);
  });

  it('streams stored bytes', async () => {
    answer.mockResolvedValue(new Response('stored', { status: 206 }));
    const { status, body } = await requests().download({ path: '/part', headers: { range: 'bytes=0-5' } });
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    expect([status, Buffer.concat(chunks).toString()]).toEqual([206, 'stored']);
  });
});

describe('a download', () => {
  /** Longer than what Node reads at once, so that a part of it waits for the reader. */
  const BODY = Buffer.alloc(70_000, 'almagest');
  const server = createServer(({ url }, response) => {
    if (url === '/endless') response.write(BODY);
    else response.end(BODY);
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  it.each(['the caller', 'the client'])(
    'that %s aborts when all bytes have arrived, but not all are read, ends',
    async (by) => {
      const [stop, client] = [new AbortController(), new AbortController()];
      const address = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: null };
      const arrived = allBytesArrive();
      const { body } = await new ArchiveRequests(address, client.signal).download({ path: '/' }, stop.signal);
      const chunks = body[Symbol.asyncIterator]();
      const first = await chunks.next();
      expect((first.value as Uint8Array).length).toBeLessThan(BODY.length);
      await arrived;
      const reason = new Error('another file failed');
      (by === 'the caller' ? stop : client).abort(reason);
      await expect(chunks.next()).rejects.toBe(reason);
    },
  );

  it('that is abandoned unread frees its connection', async () => {
    const address = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: null };
    const closed = new Promise((resolve) => server.once('request', (_, response) => response.once('close', resolve)));
    const { abandon } = await new ArchiveRequests(address, new AbortController().signal).download({ path: '/endless' });
    abandon();
    await closed;
  });
});

/** Resolves when Node's `fetch` has received the end of a body. */
async function allBytesArrive(): Promise<void> {
  await new Promise<void>((resolve) => {
    const onEnd = (): void => {
      unsubscribe('undici:request:trailers', onEnd);
      resolve();
    };
    subscribe('undici:request:trailers', onEnd);
  });
}
