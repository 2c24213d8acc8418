import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, fileOf, says } from './testing/faulty-server';
import { piecesOf } from './testing/pieces-of';
import { sourceConformance } from './testing/source.conformance';
import { DEFAULT_REOPEN_POLICY } from './resumable-read';
import { S3Source } from './s3.source';

async function listening(answer: (path: string) => Answer): Promise<{ server: Server; endpoint: string }> {
  const server = createServer((request, response) => {
    answer(new URL(request.url ?? '', 'http://s3').pathname)(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

const account = { accessKey: 'key', secretKey: 'secret', region: 'eu-south-1', buckets: ['raw'] };

sourceConformance('an S3 server', async () => {
  const files = new Map<string, Buffer>();
  const { server, endpoint } = await listening((path) => {
    const file = files.get(decodeURIComponent(path));
    return file === undefined ? says(404) : fileOf(file);
  });
  return {
    put: async (name, bytes) => {
      files.set(`/raw/${name}`, bytes);
      return `s3://raw/${encodeURIComponent(name)}`;
    },
    forbidden: 's3://other/file',
    missing: 's3://raw/missing',
    at: (location) => new S3Source(location, { ...account, endpoint }),
    stop: () => close(server),
  };
});

describe('S3Source at a faulty server', () => {
  let server: Server;
  let endpoint: string;
  let answer: Answer;
  const RETRY = { ...DEFAULT_REOPEN_POLICY, initialInterval: 1, maximumAttempts: 1 };
  beforeAll(async () => {
    ({ server, endpoint } = await listening(() => (request, response) => answer(request, response)));
  });
  afterAll(() => close(server));

  const read = async (signal = new AbortController().signal): Promise<void> => {
    for await (const _ of piecesOf(new S3Source('s3://raw/part.tar', { ...account, endpoint }, RETRY), signal))
      continue;
  };

  it.each([
    [403, 'AccessDenied', 'source.denied'],
    [404, 'NoSuchBucket', 'source.not-found'],
    [403, 'RequestTimeTooSkewed', 'source.unavailable'],
  ])('translates %d %s', async (status, code, expected) => {
    answer = (_, response) => void response.writeHead(status).end(`<Error><Code>${code}</Code></Error>`);
    await expect(read()).rejects.toMatchObject({ code: expected });
  });

  it('reads an error that never ends no further than a limit, and closes the connection', async () => {
    let sent = 0;
    let error: ServerResponse | undefined;
    answer = (_, response) => {
      error = response.writeHead(500);
      const more = (): void => {
        for (; response.writable && response.write(Buffer.alloc(64 * 1024)); sent += 64 * 1024) continue;
      };
      response.on('drain', more);
      more();
    };
    await expect(read()).rejects.toMatchObject({ code: 'source.unavailable' });
    if (error?.destroyed === false) await once(error, 'close');
    // What the connection holds is taken from the server, and no more.
    expect(sent).toBeLessThan(32 * 1024 * 1024);
  });

  it('closes the connection of an error when it is aborted', async () => {
    const abort = new AbortController();
    const reason = new Error('stopped');
    const closed = new Promise<void>((resolve) => {
      answer = (_, response) => {
        response.on('close', resolve);
        response.writeHead(500).write('<Error>', () => abort.abort(reason));
      };
    });
    await expect(read(abort.signal)).rejects.toBe(reason);
    await closed;
  });
});
