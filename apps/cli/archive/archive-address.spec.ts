import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CliConfig } from '../cli.config';
import { findArchive, repeatedOptions } from './archive-address';

describe('which archive', () => {
  let home: string;
  let config: CliConfig;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'almagest-cli-'));
    await writeFile(join(home, 'tokens'), 'standalone archive:read home-token\n');
    await writeFile(join(home, 'other-token'), 'other-token\n');
    const endpoint = { url: 'http://127.0.0.1:8080', pid: 4711, tokenFile: join(home, 'tokens') };
    await writeFile(join(home, 'endpoint.json'), JSON.stringify(endpoint));
    config = { ALMAGEST_HOME: home };
  });

  afterAll(() => rm(home, { recursive: true }));

  it('is the one that runs on the home', async () => {
    await expect(findArchive({}, config)).resolves.toMatchObject({
      url: 'http://127.0.0.1:8080',
      token: 'home-token',
      home,
    });
  });

  it('is the one of the environment before that of the home', async () => {
    const environment = { ...config, ALMAGEST_URL: 'https://a/', ALMAGEST_TOKEN_FILE: join(home, 'other-token') };
    await expect(findArchive({}, environment)).resolves.toMatchObject({
      url: 'https://a',
      token: 'other-token',
      home: null,
    });
  });

  it('is the home the user names before that of the environment', async () => {
    const environment = { ALMAGEST_HOME: '/nowhere', ALMAGEST_URL: 'https://a' };
    await expect(findArchive({ home }, environment)).resolves.toMatchObject({ token: 'home-token' });
  });

  it('is the server the user names before all others, and no other archive’s token is sent to it', async () => {
    const environment = { ...config, ALMAGEST_URL: 'https://a', ALMAGEST_TOKEN_FILE: join(home, 'other-token') };
    await expect(findArchive({ server: 'https://b' }, environment)).resolves.toMatchObject({
      url: 'https://b',
      token: null,
    });
    const given = { server: 'https://b', tokenFile: join(home, 'other-token') };
    await expect(findArchive(given, config)).resolves.toMatchObject({ token: 'other-token' });
  });

  it('is the one of a mail’s link, which is the token too', async () => {
    const link = { text: 'https://m/deliveries/x?link=L.a', server: 'https://m', delivery: 'x', token: 'L.a' };
    await expect(findArchive({ link }, config)).resolves.toEqual({
      ...{ url: 'https://m', token: 'L.a', tokenFile: null, home: null },
    });
    expect(repeatedOptions({ link })).toBe(` --link '${link.text}'`);
  });

  it('is none when none runs on the home, and the user is told how to start one', async () => {
    const nowhere = join(home, 'none');
    await expect(findArchive({ home: nowhere }, config)).rejects.toMatchObject({
      code: 'cli.no-archive',
      exitCode: 3,
      detail: {
        hints: expect.arrayContaining([expect.stringContaining(`npx almagest up --home ${nowhere}`)]) as string[],
      },
    });
  });

  it('cannot be told from a damaged announcement', async () => {
    const damaged = await mkdtemp(join(home, 'damaged-'));
    await writeFile(join(damaged, 'endpoint.json'), '{"url": 5}');
    await expect(findArchive({ home: damaged }, config)).rejects.toMatchObject({ code: 'cli.input-unreadable' });
  });

  it('cannot be talked to without its token file', async () => {
    await expect(findArchive({ server: 'http://a', tokenFile: join(home, 'none') }, config)).rejects.toMatchObject({
      code: 'cli.input-unreadable',
      exitCode: 2,
    });
  });
});

it('repeats the options that named an archive', () => {
  expect(repeatedOptions({})).toBe('');
  expect(repeatedOptions({ home: 'h' })).toBe(' --home h');
  expect(repeatedOptions({ server: 'http://a', tokenFile: 't' })).toBe(' --server http://a --token-file t');
});
