import { z } from 'zod';
import { CliError } from '../cli.error';
import type { ArchiveAddress } from './archive-address';
import { ArchiveRequests } from './archive-requests';

const ADDRESS: ArchiveAddress = { url: 'http://archive/base', token: 'secret', tokenFile: 'tokens', home: null };
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

  it('carries the token and the query, and its answer is read by the contract', async () => {
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

  it('that is refused becomes an error with all the archive said', async () => {
    const violations = [{ pointer: '/a', message: 'wrong' }];
    answer.mockResolvedValue(problem(409, { code: 'intake.conflict', detail: 'Why', violations, differences: ['/b'] }));
    await expect(requests().json(schema, { path: '/' })).rejects.toMatchObject({
      code: 'cli.archive-refused',
      exitCode: 1,
      message: 'Why',
      detail: { problem: 'intake.conflict', violations, differences: ['/b'] },
    });
  });

  it.each([
    [{ ...ADDRESS }, 'the token is the one in tokens; give another with --token-file FILE'],
    [
      { ...ADDRESS, token: null, tokenFile: null },
      "give a token, or a link of the mail: --token-file FILE, --link 'URL'",
    ],
  ])('without a good token is told where the token comes from (%#)', async (address, hint) => {
    answer.mockResolvedValue(problem(401, {}));
    await expect(requests(address).json(schema, { path: '/' })).rejects.toMatchObject({ detail: { hints: [hint] } });
  });

  it.each([
    ['a failure inside the archive', problem(500, {}), 'cli.archive-failed'],
    ['a gateway without its service', new Response('<html>', { status: 502 }), 'cli.archive-unreachable'],
    ['a page of another server', new Response('<html>', { status: 404 }), 'cli.not-an-archive'],
    ['another server’s JSON error', Response.json({ error: 'x' }, { status: 400 }), 'cli.not-an-archive'],
    ['another server’s success', Response.json({ hello: 1 }), 'cli.not-an-archive'],
    ['a success that is no JSON', new Response('hello'), 'cli.not-an-archive'],
    ['a redirect', new Response(null, { status: 301, headers: { location: 'https://b/' } }), 'cli.not-an-archive'],
  ])('tells %s apart', async (_title, response, code) => {
    answer.mockResolvedValue(response);
    await expect(requests().json(schema, { path: '/' })).rejects.toMatchObject({ code });
  });

  it('that finds nobody there says so', async () => {
    const cause = Object.assign(new Error(), { code: 'ECONNREFUSED' });
    answer.mockRejectedValue(new TypeError('fetch failed', { cause }));
    await expect(requests().json(schema, { path: '/' })).rejects.toMatchObject({
      code: 'cli.archive-unreachable',
      retryable: true,
      message: 'the archive at http://archive/base does not answer: nothing listens there',
    });
  });

  it('ends with the reason of an interruption', async () => {
    const controller = new AbortController();
    const reason = new CliError('cli.interrupted', 'interrupted');
    answer.mockImplementation(async () => {
      controller.abort(reason);
      throw new TypeError('fetch failed');
    });
    await expect(requests(ADDRESS, controller.signal).json(schema, { path: '/' })).rejects.toBe(reason);
  });

  it('does not read an answer without end', async () => {
    const chunk = new Uint8Array(1024 * 1024);
    const endless = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(chunk) });
    answer.mockResolvedValue(new Response(endless));
    await expect(requests().json(schema, { path: '/' })).rejects.toMatchObject({ code: 'cli.not-an-archive' });
  });

  it('for bytes gives them as they come', async () => {
    answer.mockResolvedValue(new Response('stored', { status: 206 }));
    const { status, body } = await requests().download({ path: '/part', headers: { range: 'bytes=0-5' } });
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    expect([status, Buffer.concat(chunks).toString()]).toEqual([206, 'stored']);
  });
});
