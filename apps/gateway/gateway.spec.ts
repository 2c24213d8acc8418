import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Logger, ReadinessChecks } from '@almagest/platform';
import type { OpenAPIObject } from '@nestjs/swagger';
import { forward } from './forward';
import { createGateway } from './gateway';

const OPEN_API: OpenAPIObject = {
  openapi: '3.0.0',
  info: { title: 'service', version: '1' },
  paths: { '/projects/{code}': { get: { responses: {} } } },
};

describe('the gateway', () => {
  const servers: Server[] = [];
  const errors: unknown[] = [];
  let port: number;

  async function listening(listener: RequestListener): Promise<number> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  beforeAll(async () => {
    // Answers with what it was asked for.
    const service = await listening(({ method, url, headers }, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ method, url, host: headers.host ?? null }));
    });
    const logger = { error: (fault: unknown) => errors.push(fault) } as unknown as Logger;
    const behind = {
      name: 'catalogue' as const,
      openApi: OPEN_API,
      readiness: () => new ReadinessChecks(logger).run(),
      handle: ((request, response) =>
        forward(request, response, `http://127.0.0.1:${service}`, (error) => errors.push(error))) as RequestListener,
    };
    port = await listening(createGateway([behind], logger));
  });
  afterEach(() => expect(errors).toEqual([]));
  afterAll(() => servers.forEach((server) => server.close().closeAllConnections()));

  /** Sends a request as it is written, and returns status, header lines and body of the answer. */
  async function sent(head: string): Promise<{ status: number; headers: string; body: string }> {
    const socket = connect(port, '127.0.0.1');
    socket.write(`${head}\r\nConnection: close\r\n\r\n`);
    const answer = await text(socket);
    const end = answer.indexOf('\r\n\r\n');
    const [, status = ''] = answer.split(' ');
    return { status: Number(status), headers: answer.slice(0, end), body: answer.slice(end + 4) };
  }

  it.each([
    ['a path', 'GET /projects/A?b=1 HTTP/1.1\r\nHost: here', 'here'],
    ['a URL, whose host counts', 'GET http://there:80/projects/A?b=1 HTTP/1.1\r\nHost: here', 'there:80'],
    ['a path over HTTP/1.0 without Host', 'GET /projects/A?b=1 HTTP/1.0', null],
  ])('takes %s as the target of a request', async (_, head, host) => {
    const { status, body } = await sent(head);
    expect(status).toBe(200);
    expect(body).toContain('"url":"/projects/A?b=1"');
    if (host !== null) expect(body).toContain(`"host":"${host}"`);
  });

  it('answers OPTIONS *', async () => {
    const { status, headers } = await sent('OPTIONS * HTTP/1.1\r\nHost: here');
    expect([status, headers]).toEqual([204, expect.stringContaining('Allow: DELETE, GET, HEAD, OPTIONS, POST')]);
  });

  it.each([
    ['* for another method', 'GET * HTTP/1.1\r\nHost: here', 'http.target-invalid'],
    ['a URL of another scheme', 'GET ftp://there/projects HTTP/1.1\r\nHost: here', 'http.target-invalid'],
    ['NUL in a path', 'GET /projects/a%00b HTTP/1.1\r\nHost: here', 'http.request-invalid'],
  ])('refuses %s with a problem', async (_, head, code) => {
    const { status, headers, body } = await sent(head);
    expect([status, headers]).toEqual([400, expect.stringContaining('application/problem+json')]);
    expect(body).toContain(`"code":"${code}"`);
  });

  it.each([
    ['/projects?role=%00', ['/role']],
    ['/projects?a=1&b%2Fc=%00&d=%00', ['/b~1c', '/d']],
    ['/a%00?b=%00', ['', '/b']],
  ])('points at NUL in %s', async (path, pointers) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    const { violations } = (await response.json()) as { violations: { pointer: string }[] };
    expect([response.status, violations.map(({ pointer }) => pointer)]).toEqual([400, pointers]);
  });

  it.each(['/health/live', '/docs', '/openapi.json'])('has only GET for its own path %s', async (path) => {
    const url = `http://127.0.0.1:${port}${path}`;
    const refused = await fetch(url, { method: 'DELETE' });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
    expect(await refused.json()).toMatchObject({ status: 405, code: 'http.method-not-allowed' });
    const asked = await fetch(url, { method: 'OPTIONS' });
    expect([asked.status, asked.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
  });

  it('serves the documentation of routes and events, which loads nothing from elsewhere', async () => {
    for (const path of ['/docs', '/docs/events']) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      const html = await response.text();
      const loaded = [...html.matchAll(/<(?:script|link)[^>]+(?:src|href)="([^"]+)"/g)].map(([, url = '']) => url);
      for (const url of loaded) {
        expect(url).toMatch(/^\/docs\//);
        expect((await fetch(`http://127.0.0.1:${port}${url}`)).status).toBe(200);
      }
      expect([path, loaded.length]).toEqual([path, path === '/docs' ? 3 : 0]);
    }
    const events = await (await fetch(`http://127.0.0.1:${port}/docs/events`)).text();
    expect(events).toContain('<h3 id="DeliveryCatalogued">');
  });
});
