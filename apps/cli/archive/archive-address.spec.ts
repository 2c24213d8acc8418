import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CliConfig } from '../cli.config';
import { findArchive, readMailLink, repeatedOptions, tokenIn } from './archive-address';

const LINK = {
  text: 'https://m/deliveries/5f0c1234-1111-4222-8333-444455556666?link=L.a.b.k1',
  server: 'https://m',
  delivery: '5f0c1234-1111-4222-8333-444455556666',
  rawRequest: null,
  token: 'L.a.b.k1',
};

describe('which archive', () => {
  let home: string;
  let config: CliConfig;
  let warnings: string[];
  const warn = (text: string): void => void warnings.push(text);
  beforeEach(() => {
    warnings = [];
  });

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'almagest-cli-'));
    await writeFile(join(home, 'tokens'), 'standalone archive:read home-token\n', { mode: 0o600 });
    await writeFile(join(home, 'other-token'), 'other-token\n');
    const endpoint = { url: 'http://127.0.0.1:8080', pid: 4711, tokenFile: join(home, 'tokens') };
    await writeFile(join(home, 'endpoint.json'), JSON.stringify(endpoint));
    config = { ALMAGEST_HOME: home, RETRY_MAXIMUM_SECONDS: 8 };
  });

  afterAll(() => rm(home, { recursive: true }));

  it('is the one that runs in the home', async () => {
    const { address } = await findArchive({}, config, warn);
    expect(address).toMatchObject({
      url: 'http://127.0.0.1:8080',
      token: 'home-token',
      name: `the archive in ${home} (http://127.0.0.1:8080)`,
      hints: {
        unauthorised: [`the token is from ${join(home, 'tokens')}; give another one: --token-file FILE`],
        unreachable: expect.arrayContaining([expect.stringContaining(`npx almagest up --home ${home}`)]) as string[],
      },
    });
    expect(warnings).toEqual([]);
  });

  it('is the one from the environment rather than the default home', async () => {
    const environment = { ...config, ALMAGEST_URL: 'https://a/', ALMAGEST_TOKEN_FILE: join(home, 'other-token') };
    const { address: found } = await findArchive({}, environment, warn);
    expect(found).toMatchObject({ url: 'https://a', token: 'other-token' });
    expect(found.name).toBeUndefined();
  });

  it('is the home the user names rather than the environment', async () => {
    const environment = { ALMAGEST_HOME: '/nowhere', RETRY_MAXIMUM_SECONDS: 8, ALMAGEST_URL: 'https://a' };
    await expect(findArchive({ home }, environment, warn)).resolves.toMatchObject({ address: { token: 'home-token' } });
  });

  it('is the server the user names, and no other archive’s token is sent to it', async () => {
    const environment = { ...config, ALMAGEST_URL: 'https://a', ALMAGEST_TOKEN_FILE: join(home, 'other-token') };
    await expect(findArchive({ server: 'https://b' }, environment, warn)).resolves.toMatchObject({
      address: {
        url: 'https://b',
        token: null,
        hints: { unauthorised: ["give a token, or a link from a mail: --token-file FILE, --link 'URL'"] },
      },
    });
    const given = { server: 'https://b', tokenFile: join(home, 'other-token') };
    await expect(findArchive(given, config, warn)).resolves.toMatchObject({ address: { token: 'other-token' } });
  });

  it('is the one in a mail’s link, which is the token too', async () => {
    await expect(findArchive({ link: LINK }, config, warn)).resolves.toEqual({
      address: {
        url: 'https://m',
        token: 'L.a.b.k1',
        hints: { unauthorised: ['ask the helpdesk for a new link, or give a token: --token-file FILE'] },
      },
      link: LINK,
    });
    expect(repeatedOptions({ link: LINK })).toBe(` --link '${LINK.text}'`);
  });

  it('is the one in a link that no list of processes shows: from a file or the environment', async () => {
    const linkFile = join(home, 'link');
    await writeFile(linkFile, `${LINK.text}\n`, { mode: 0o600 });
    await expect(findArchive({ linkFile }, config, warn)).resolves.toMatchObject({ link: LINK });
    expect(repeatedOptions({ linkFile })).toBe(` --link-file ${linkFile}`);
    const environment = { ...config, ALMAGEST_LINK: LINK.text, ALMAGEST_URL: 'https://a' };
    await expect(findArchive({}, environment, warn)).resolves.toMatchObject({ link: LINK });
    // What the command line names comes first.
    await expect(findArchive({ home }, environment, warn)).resolves.toMatchObject({ link: null });
    expect(warnings).toEqual([]);
    await expect(findArchive({ linkFile: join(home, 'none') }, config, warn)).rejects.toMatchObject({ exitCode: 2 });
    await expect(findArchive({ linkFile: join(home, 'tokens') }, config, warn)).rejects.toMatchObject({ exitCode: 2 });
    const wrong = { ...config, ALMAGEST_LINK: 'https://m' };
    await expect(findArchive({}, wrong, warn)).rejects.toMatchObject({ code: 'cli.config-invalid', exitCode: 2 });
  });

  it.each([
    ['a token', 'tokenFile', 'secret-token'],
    ['a link', 'linkFile', 'https://m/deliveries/5f0c1234-1111-4222-8333-444455556666?link=L.a.b.k1'],
  ])('a file with %s that others may read gives a warning', async (_title, option, text) => {
    const file = join(home, `loose ${option}`);
    await writeFile(file, text, { mode: 0o644 });
    const options = { ...(option === 'tokenFile' ? { server: 'https://b' } : {}), [option]: file };
    await findArchive(options, config, warn);
    expect(warnings).toEqual([`almagest: warning: other users may read ${file} (mode 0644); run: chmod 600 '${file}'`]);
  });

  it('is missing when none runs in the home; the error says how to start one', async () => {
    const nowhere = join(home, 'none');
    await expect(findArchive({ home: nowhere }, config, warn)).rejects.toMatchObject({
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
    await expect(findArchive({ home: damaged }, config, warn)).rejects.toMatchObject({ code: 'cli.input-unreadable' });
  });

  it('cannot be used without its token file', async () => {
    await expect(
      findArchive({ server: 'http://a', tokenFile: join(home, 'none') }, config, warn),
    ).rejects.toMatchObject({
      code: 'cli.input-unreadable',
      exitCode: 2,
    });
  });
});

it('repeats the options that named an archive', () => {
  expect(repeatedOptions({})).toBe('');
  expect(repeatedOptions({ home: 'h' })).toBe(' --home h');
  expect(repeatedOptions({ home: "my 'home'" })).toBe(` --home "my 'home'"`);
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

const DELIVERY = '5f0c1234-1111-4222-8333-444455556666';

describe('a link from a mail', () => {
  it.each([
    [
      'to a delivery',
      `https://archive.example.org/deliveries/${DELIVERY}?link=L.a_-.b.k1`,
      'https://archive.example.org',
    ],
    ['to a part', `http://127.0.0.1:8080/deliveries/${DELIVERY}/parts/a.tar?link=L.a_-.b.k1`, 'http://127.0.0.1:8080'],
    ['below a path', `https://eso.org/almagest/deliveries/${DELIVERY}?link=L.a_-.b.k1`, 'https://eso.org/almagest'],
  ])('%s names the archive, the delivery and the token', (_, text, server) => {
    expect(readMailLink(text)).toEqual({
      text,
      server,
      delivery: DELIVERY,
      rawRequest: null,
      token: 'L.a_-.b.k1',
    });
  });

  it('to raw data names the archive and the token', () => {
    const text = `https://a/raw-requests/${DELIVERY}/download.sh?link=L.a.b.k1`;
    expect(readMailLink(text)).toEqual({
      text,
      server: 'https://a',
      delivery: null,
      rawRequest: DELIVERY,
      token: 'L.a.b.k1',
    });
  });

  it.each([
    ['text that is not a URL', 'L.a.b.k1'],
    ['no link', `https://a/deliveries/${DELIVERY}`],
    ['no delivery', 'https://a/projects/2013.1.00001.S?link=L.a.b.k1'],
    ['half a delivery', 'https://a/deliveries/5f0c1234?link=L.a.b.k1'],
    ['another protocol', `file:///deliveries/${DELIVERY}?link=L.a.b.k1`],
    ['a user', `https://me@a/deliveries/${DELIVERY}?link=L.a.b.k1`],
    ['characters that a header cannot have', `https://a/deliveries/${DELIVERY}?link=L%0Aa`],
  ])('is not recognised with %s', (_, text) => {
    expect(readMailLink(text)).toBeNull();
  });
});
