import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { forward } from './forward';

/** Sent before an answer is interrupted. */
const BEGINNING = 'the beginning of a part';

describe('forward', () => {
  const servers: Server[] = [];
  afterEach(() => servers.splice(0).forEach((server) => server.close().closeAllConnections()));

  async function listening(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** A gateway in front of one service; `errors` collects the reasons why the service did not answer. */
  async function gatewayTo(service: string, errors: Error[] = []): Promise<string> {
    return listening((request, response) => forward(request, response, service, (error) => errors.push(error)));
  }

  it('forwards method, path, headers and body, and returns the answer', async () => {
    let seen: IncomingMessage | undefined;
    const service = await listening((request, response) => {
      seen = request;
      response.writeHead(207, { etag: '"a"', connection: 'close' });
      request.pipe(response);
    });
    const gateway = await gatewayTo(service);
    const answer = await fetch(`${gateway}/a/b%2Fc?d=1`, {
      method: 'POST',
      headers: { range: 'bytes=0-1' },
      body: 'body',
    });
    expect([answer.status, answer.headers.get('etag'), await answer.text()]).toEqual([207, '"a"', 'body']);
    expect([seen?.method, seen?.url]).toEqual(['POST', '/a/b%2Fc?d=1']);
    expect(seen?.headers).toMatchObject({
      range: 'bytes=0-1',
      'content-length': '4',
      host: new URL(gateway).host,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': new URL(gateway).host,
    });
  });

  it('does not forward the headers of a connection', async () => {
    let headers: IncomingMessage['headers'] = {};
    const service = await listening((request, response) => {
      headers = request.headers;
      response.end();
    });
    const request = get(await gatewayTo(service), {
      headers: { connection: 'x-mine, close', 'x-mine': '1', te: 'gzip' },
    });
    await once(request, 'response');
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['x-mine']));
    expect(headers.te).toBeUndefined();
  });

  it('answers 502 when the service does not answer', async () => {
    const gone = await listening(() => undefined);
    servers.pop()?.close();
    const errors: Error[] = [];
    const answer = await fetch(await gatewayTo(gone, errors));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([502, 'application/problem+json']);
    expect(await answer.json()).toMatchObject({ status: 502, code: 'gateway.service-unavailable' });
    expect(errors).toHaveLength(1);
  });

  it('closes the connection when the answer is interrupted', async () => {
    const service = await listening((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write(BEGINNING, () => response.destroy());
    });
    const answer = await fetch(await gatewayTo(service));
    await expect(answer.text()).rejects.toThrow();
  });

  it('closes the request to the service when the client disconnects', async () => {
    const left = new Promise<void>((resolve) => {
      void listening((_request, response) => {
        response.on('close', resolve);
        response.write(BEGINNING);
      }).then(async (service) => {
        const request = get(await gatewayTo(service));
        request.on('error', () => undefined);
        const [response] = (await once(request, 'response')) as [IncomingMessage];
        await once(response, 'data');
        request.destroy();
      });
    });
    await left;
  });
});
