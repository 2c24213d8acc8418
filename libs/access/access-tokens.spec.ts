import { type CryptoKey, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { AccessTokens } from './access-tokens';
import { Issuer } from './testing/issuer';

const now = (): number => Math.floor(Date.now() / 1000);

describe('AccessTokens', () => {
  let issuer: Issuer;
  let tokens: AccessTokens;

  beforeEach(async () => {
    issuer = await Issuer.start();
    tokens = new AccessTokens(issuer.url, 'almagest');
  });
  afterEach(() => issuer.stop());

  const rejects = async (token: string): Promise<void> => {
    await expect(tokens.callerOf(token)).rejects.toMatchObject({ name: 'AccessError', code: 'access.token-invalid' });
  };

  it('reads the projects and the scopes that a token grants, and ignores other scopes', async () => {
    const scope = 'openid project:2013.1.09999.S project:2015.1.00001.T archive:read archive:everything';
    expect(await tokens.callerOf(await issuer.token({ sub: 'jane', scope }))).toEqual({
      id: 'person:jane',
      scopes: ['archive:read'],
      projects: ['2013.1.09999.S', '2015.1.00001.T'],
      link: null,
    });
    expect(await tokens.callerOf(await issuer.token({ aud: ['other', 'almagest'] }))).toMatchObject({ projects: [] });
  });

  it('fetches the keys once for many tokens', async () => {
    const token = await issuer.token();
    await Promise.all(Array.from({ length: 20 }, () => tokens.callerOf(token)));
    expect(issuer.requests).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  describe('rejects', () => {
    it.each<[string, () => Promise<string>]>([
      ['an expired token', () => issuer.token({ exp: now() - 60 })],
      ['a token without an expiry time', () => issuer.token({ exp: undefined })],
      ['a token that is not valid yet', () => issuer.token({ nbf: now() + 120 })],
      ['a token of another issuer', () => issuer.token({ iss: 'https://elsewhere.example.org' })],
      ['a token for another audience', () => issuer.token({ aud: 'another-service' })],
      ['a token without an audience', () => issuer.token({ aud: undefined })],
      ['a token without a subject', () => issuer.token({ sub: undefined })],
      ['an expiry time that is text', () => issuer.token({ exp: 'tomorrow' as unknown as number })],
      ['a scope that is a list', () => issuer.token({ scope: ['project:2013.1.09999.S'] })],
    ])('%s', async (_, make) => rejects(await make()));

    it('a scope that is a list, and says so', async () => {
      const token = await issuer.token({ scope: ['project:2013.1.09999.S'] });
      await expect(tokens.callerOf(token)).rejects.toMatchObject({ message: expect.stringContaining('/scope: ') });
    });

    const claims = (): Record<string, unknown> => ({ iss: issuer.url, aud: 'almagest', sub: 'eve', exp: now() + 300 });

    it('a token without a signature', async () => {
      await rejects(new UnsecuredJWT(claims()).encode());
    });

    it('a token signed with the public key as a shared secret', async () => {
      const secret = new TextEncoder().encode(await issuer.publicPem());
      const header = { alg: 'HS256', kid: issuer.keyId };
      await rejects(await new SignJWT(claims()).setProtectedHeader(header).sign(secret));
    });

    it('a token signed by somebody else under the issuer’s key id', async () => {
      const { privateKey } = (await generateKeyPair('ES256')) as { privateKey: CryptoKey };
      const header = { alg: 'ES256', kid: issuer.keyId };
      await rejects(await new SignJWT(claims()).setProtectedHeader(header).sign(privateKey));
    });

    it('a token that brings its own key', async () => {
      const { privateKey } = (await generateKeyPair('ES256')) as { privateKey: CryptoKey };
      const header = { alg: 'ES256', jku: `${issuer.url}/evil`, jwk: { kty: 'RSA' }, kid: 'mine' };
      await rejects(await new SignJWT(claims()).setProtectedHeader(header).sign(privateKey));
      expect(issuer.requests).not.toContain('/evil');
    });

    it('a token with claims changed after it was signed', async () => {
      const [header, , signature] = (await issuer.token()).split('.');
      const payload = Buffer.from(JSON.stringify({ ...claims(), scope: 'archive:read' })).toString('base64url');
      await rejects([header, payload, signature].join('.'));
    });

    it.each(['a.b.c', '..', `${'A'.repeat(3000)}.${'B'.repeat(3000)}.C`, 'eyJhbGciOiJSUzI1NiJ9.e30.'])(
      '%.40s',
      (text) => rejects(text),
    );
  });

  it('accepts the new key of the issuer, and limits the requests to the issuer', async () => {
    await tokens.callerOf(await issuer.token());
    const before = issuer.requests.length;
    for (let i = 0; i < 50; i++) await rejects(await issuer.token({}, { kid: `unknown-${i}` }));
    // The keys were fetched just now, so an unknown key id does not fetch them again.
    expect(issuer.requests).toHaveLength(before);

    await issuer.rotate('second');
    const rotated = await issuer.token();
    await rejects(rotated);
    const later = Date.now() + 31_000;
    const clock = jest.spyOn(Date, 'now').mockReturnValue(later);
    try {
      expect(await tokens.callerOf(rotated)).toMatchObject({ id: 'person:jane' });
      await rejects(await issuer.token({}, { kid: 'unknown' }));
    } finally {
      clock.mockRestore();
    }
    expect(issuer.requests.slice(before)).toEqual(['/keys']);
  });

  describe('fails when the issuer', () => {
    it.each<[string, Issuer['answer']]>([
      ['fails', (_, response) => void response.writeHead(500).end()],
      ['answers what is not JSON', (_, response) => void response.end('<html>')],
      ['redirects', (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
      [
        'names another issuer',
        (_, response) => void response.end(JSON.stringify({ issuer: 'https://evil.example', jwks_uri: 'http://a/' })),
      ],
      [
        'never ends its answer',
        (_, response) => {
          const more = (): void => void (response.destroyed || response.write('x'.repeat(65_536), more));
          more();
        },
      ],
    ])('%s', async (_, answer) => {
      const token = await issuer.token();
      issuer.answer = answer;
      await expect(tokens.callerOf(token)).rejects.toMatchObject({
        name: 'AccessError',
        code: 'access.issuer-unreachable',
      });
      // The issuer is not asked again at once.
      const before = issuer.requests.length;
      await expect(tokens.callerOf(token)).rejects.toMatchObject({
        name: 'AccessError',
        code: 'access.issuer-unreachable',
      });
      expect(issuer.requests.length - before).toBeLessThanOrEqual(1);
    });

    it('has no usable keys', async () => {
      const token = await issuer.token();
      issuer.answer = ({ url }, response): void => {
        const discovery = { issuer: issuer.url, jwks_uri: `${issuer.url}/keys` };
        response.end(url === '/keys' ? '{"keys": "none"}' : JSON.stringify(discovery));
      };
      await expect(tokens.callerOf(token)).rejects.toMatchObject({
        name: 'AccessError',
        code: 'access.issuer-unreachable',
      });
    });

    it('does not listen', async () => {
      const token = await issuer.token();
      await issuer.stop();
      await expect(tokens.callerOf(token)).rejects.toMatchObject({
        name: 'AccessError',
        code: 'access.issuer-unreachable',
      });
      issuer = await Issuer.start();
    });
  });
});
