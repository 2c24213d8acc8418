import { buffer } from 'node:stream/consumers';
import { openAllowed } from './https-request';
import { fileOf, FaultyServer, says } from './testing/faulty-server';

describe('openAllowed', () => {
  let server: FaultyServer;
  beforeAll(async () => {
    server = await FaultyServer.start();
  });
  afterAll(() => server.stop());

  const read = async (location: string): Promise<string> => {
    const never = new AbortController().signal;
    return (await buffer(await openAllowed(location, [server.host], never, server.agent))).toString();
  };

  it('reads a file of any length, through redirects to allowed servers', async () => {
    const to = (location: string): Parameters<FaultyServer['plays']>[0] => says(302, { location });
    server.plays(to('/b'), to(`https://${server.host}/c`), fileOf(Buffer.from('table')));
    expect(await read(`https://${server.host}/a`)).toBe('table');
  });

  it.each([
    ['another server', 'https://127.0.0.1:1/a', 'does not read from https://127.0.0.1:1'],
    ['no URL', 'table.vot', 'is no URL'],
    ['a file', 'file:///etc/passwd', 'does not read from file://'],
    ['plain HTTP', 'http://127.0.0.1:1/', 'does not read from http://127.0.0.1:1'],
  ])('refuses %s', async (_what, location, message) => {
    server.plays(fileOf(Buffer.from('secret')));
    await expect(read(location)).rejects.toMatchObject({ message: expect.stringContaining(message) as string });
    expect(server.asked).toEqual([]);
  });

  it.each([
    ['to another server', 'https://169.254.169.254/latest', 'does not read from https://169.254.169.254'],
    ['to plain HTTP', 'http://127.0.0.1/', 'does not read from http://127.0.0.1'],
    ['to a user with a password', 'https://a:b@127.0.0.1/', 'does not read from'],
    ['to itself', '/again', 'more than 5 times'],
  ])('refuses a redirect %s', async (_what, location, message) => {
    server.plays(says(302, { location }));
    await expect(read(`https://${server.host}/a`)).rejects.toThrow(message);
  });

  it('refuses what is no file', async () => {
    server.plays(says(404));
    await expect(read(`https://${server.host}/a`)).rejects.toMatchObject({ code: 'source.not-found' });
    server.plays(says(200, { 'content-type': 'text/html' }, '<html/>'));
    await expect(read(`https://${server.host}/a`)).rejects.toMatchObject({ code: 'source.web-page' });
  });
});
