import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { request } from 'undici';
import { BodyLimitError, readBody } from './read-body';

const LIMITS = { bytes: 1000, milliseconds: 60_000 };

/** Bodies that never end, of a server that counts what was taken from it. */
describe('readBody', () => {
  let server: Server;
  let url: string;
  let answers: ServerResponse[];

  beforeAll(async () => {
    server = createServer((incoming, response) => {
      answers.push(response);
      const send = (): void => {
        while (response.writable && response.write(Buffer.alloc(1000))) continue;
      };
      if (incoming.url === '/short') response.end('all of it');
      else if (incoming.url === '/silent') response.write('it begins');
      else send();
      response.on('drain', send);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => (answers = []));
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  /** Resolves when the client has closed the connection of every answer. */
  const closed = async (): Promise<unknown> =>
    Promise.all(answers.map(async (answer) => (answer.destroyed ? undefined : once(answer, 'close'))));

  describe.each([
    ['fetch', async (path: string) => (await fetch(url + path)).body],
    ['undici', async (path: string) => (await request(url + path)).body],
  ])('of an answer to %s', (_, bodyOf) => {
    it('returns the whole body', async () => {
      expect((await readBody(await bodyOf('/short'), LIMITS)).toString()).toBe('all of it');
    });

    it('fails beyond the bytes, and closes the connection', async () => {
      await expect(readBody(await bodyOf('/endless'), LIMITS)).rejects.toThrow(new BodyLimitError('1000 bytes'));
      await closed();
    });

    it('fails after the time, and closes the connection', async () => {
      const reading = readBody(await bodyOf('/silent'), { ...LIMITS, milliseconds: 20 });
      await expect(reading).rejects.toThrow(new BodyLimitError('20 ms'));
      await closed();
    });

    it('throws the reason of its signal, and closes the connection', async () => {
      const abort = new AbortController();
      const reason = new Error('stopped');
      const reading = readBody(await bodyOf('/silent'), { ...LIMITS, signal: abort.signal });
      abort.abort(reason);
      await expect(reading).rejects.toBe(reason);
      await closed();
      const late = readBody(await bodyOf('/silent'), { ...LIMITS, signal: abort.signal });
      await expect(late).rejects.toBe(reason);
    });
  });

  it('returns nothing where there is no body', async () => {
    expect((await readBody(null, LIMITS)).length).toBe(0);
  });

  it('throws the error of the stream', async () => {
    const stream = new PassThrough();
    const failure = new Error('lost');
    stream.write('some');
    setImmediate(() => stream.destroy(failure));
    await expect(readBody(stream, LIMITS)).rejects.toBe(failure);
  });
});
