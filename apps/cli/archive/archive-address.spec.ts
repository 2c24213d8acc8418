import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CliConfig } from '../cli.config';
import { findArchive, repeatedOptions, tokenIn } from './archive-address';

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

  it('is the one that runs in the home', async () => {
    await expect(findArchive({}, config)).resolves.toMatchObject({
      url: 'http://127.0.0.1:8080',
      token: 'home-token',
      name: `the archive announced in ${home} (http://127.0.0.1:8080)`,
      hints: {
        unauthorised: [`the token is from ${join(home, 'tokens')}; give another one: --token-file FILE`],
        unreachable: expect.arrayContaining([expect.stringContaining(`npx almagest up --home ${home}`)]) as string[],
      },
    });
  });

  it('is the one from the environment rather than the default home', async () => {
    const environment = { ...config, ALMAGEST_URL: 'https://a/', ALMAGEST_TOKEN_FILE: join(home, 'other-token') };
    const found = await findArchive({}, environment);
    expect(found).toMatchObject({ url: 'https://a', token: 'other-token' });
    expect(found.name).toBeUndefined();
  });

  it('is the home the user names rather than the environment', async () => {
    const environment = { ALMAGEST_HOME: '/nowhere', ALMAGEST_URL: 'https://a' };
    await expect(findArchive({ home }, environment)).resolves.toMatchObject({ token: 'home-token' });
  });

  it('is the server the user names, and no other archive’s token is sent to it', async () => {
    const environment = { ...config, ALMAGEST_URL: 'https://a', ALMAGEST_TOKEN_FILE: join(home, 'other-token') };
    await expect(findArchive({ server: 'https://b' }, environment)).resolves.toMatchObject({
      url: 'https://b',
      token: null,
      hints: { unauthorised: ["give a token, or a link from a mail: --token-file FILE, --link 'URL'"] },
    });
    const given = { server: 'https://b', tokenFile: join(home, 'other-token') };
    await expect(findArchive(given, config)).resolves.toMatchObject({ token: 'other-token' });
  });

  it('is the one in a mail’s link, which is the token too', async () => {
    const link = { text: 'https://m/deliveries/x?link=L.a', server: 'https://m', delivery: 'x', token: 'L.a' };
    await expect(findArchive({ link }, config)).resolves.toEqual({
      url: 'https://m',
      token: 'L.a',
      hints: { unauthorised: ['ask the helpdesk for a new link, or give a token: --token-file FILE'] },
    });
    expect(repeatedOptions({ link })).toBe(` --link '${link.text}'`);
  });

  it('is missing when none runs in the home; the error says how to start one', async () => {
    const nowhere = join(home, 'none');
    await expect(findArchive({ home: nowhere }, config)).rejects.toMatchObject({
      code: 'cli.no-archive',
      exitCode: 3,
      detail: {
        hints: expect.arrayContaining([expect.stringContaining(`npx almagest up --home ${nowhere}`)]) as string[],
      },
    });
  });

  it('cannot be found from a damaged announcement', async () => {
    const damaged = await mkdtemp(join(home, 'damaged-'));
    await writeFile(join(damaged, 'endpoint.json'), '{"url": 5}');
    await expect(findArchive({ home: damaged }, config)).rejects.toMatchObject({ code: 'cli.input-unreadable' });
  });

  it('cannot be used without its token file', async () => {
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

describe('a token file', () => {
  it.each([
    ['a token alone', 'secret-token\n', 'secret-token'],
    ['a line as the archive writes it', '# name scope token\nstandalone archive:read abc\n', 'abc'],
    ['the first of several', '\na qa2:submit one\nb archive:read two\n', 'one'],
    ['Windows line ends', 'secret-token\r\n', 'secret-token'],
  ])('may have %s', (_title, text, token) => {
    expect(tokenIn(text)).toBe(token);
  });

  it.each([
    ['nothing', ''],
    ['only comments', '# a\n#b\n'],
    ['prose', 'this is no token at all'],
    ['characters that a header cannot have', 'tökèn\n'],
  ])('has no token with %s', (_title, text) => {
    expect(tokenIn(text)).toBeNull();
  });
});
