import { createServer, type Server } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Sources } from './sources';

const S3 = { endpoint: 'http://127.0.0.1:1', accessKey: 'a', secretKey: 'b', region: 'r', buckets: ['bucket'] };

describe('Sources', () => {
  let directory: string;
  let sources: Sources;
  let server: Server;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'almagest-sources-'));
    server = createServer();
    await new Promise<void>((resolve) => server.listen(join(directory, 'socket'), resolve));
    sources = new Sources({ roots: [directory], hosts: [], s3: S3, ngas: ['host:7777'] });
  });
  afterAll(async () => {
    server.close();
    await rm(directory, { recursive: true });
  });

  const open = async (location: string): Promise<unknown> => {
    const reader = await sources.at(location, 1).open(new AbortController().signal);
    return reader.read(Buffer.alloc(10));
  };

  it.each([
    ['a socket', (): string => pathToFileURL(join(directory, 'socket')).href],
    ['a directory', (): string => pathToFileURL(directory).href],
    ['NUL in a path', (): string => `${pathToFileURL(directory).href}/a%00b`],
    ['an encoded slash', (): string => `${pathToFileURL(directory).href}/a%2fb`],
    ['a name of 300 characters', (): string => `${pathToFileURL(directory).href}/${'a'.repeat(300)}`],
    ['a path of 5,000 characters', (): string => pathToFileURL(directory).href + '/aaaa'.repeat(1000)],
    ['an invalid key', (): string => 's3://bucket/%zz'],
    ['a key that is not UTF-8', (): string => 's3://bucket/%ff'],
    ['a key of 3,000 characters', (): string => `s3://bucket/${'a'.repeat(3000)}`],
    ['an invalid file id', (): string => 'ngas://host:7777/%zz'],
  ])('gives up at once for %s', async (_, location) => {
    await expect(open(location())).rejects.toMatchObject({ code: 'source.unusable', retryable: false });
  });

  it.each([
    ['https://host.example.org/part.tar', /^source\.not-allowed .*: it reads from none of this kind$/],
    ['s3://other/part.tar', /^source\.not-allowed .*: it reads from bucket$/],
    ['ngas://other:7777/part', /^source\.not-allowed .*: it reads from host:7777$/],
    ['file:///etc/hostname', /^source\.not-allowed /],
    ['s3://bucket/%zz', /^source\.unusable /],
  ])('knows without a request to a server what is wrong with %s', async (location, fault) => {
    const { code, message } = (await sources.faultAt(location)) ?? {};
    expect(`${code} ${message}`).toMatch(fault);
  });

  it('knows nothing against an allowed bucket, server or file', async () => {
    await writeFile(join(directory, 'part.tar'), '');
    const file = pathToFileURL(join(directory, 'part.tar')).href;
    for (const location of ['s3://bucket/part.tar', 'ngas://host:7777/part', file]) {
      expect(await sources.faultAt(location)).toBeNull();
    }
    expect(await sources.faultAt(`${file}.gz`)).toMatchObject({ code: 'source.not-found' });
  });

  it('does not pack a tree whose location is not valid', async () => {
    const location = `${pathToFileURL(directory).href}/a%00b`;
    await expect(sources.directoryAt(location)).rejects.toMatchObject({ code: 'source.unusable' });
  });
});
