import { type CryptoKey, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { Issuer } from '../testing/issuer';
import { AccessTokens, IssuerUnreachable, TokenRefused } from './access-tokens';

const now = (): number => Math.floor(Date.now() / 1000);

describe('AccessTokens', () => {
  let issuer: Issuer;
  let tokens: AccessTokens;

  beforeEach(async () => {
    issuer = await Issuer.start();
    tokens = new AccessTokens(issuer.url, 'almagest');
  });
  afterEach(() => issuer.stop());

  const refused = async (token: string): Promise<void> => {
    await expect(tokens.callerOf(token)).rejects.toThrow(TokenRefused);
  };

  it('knows the projects and the scopes that a token grants, and nothing else it says', async () => {
    const scope = 'openid project:2013.1.09999.S project:2015.1.00001.T archive:read archive:everything';
    expect(await tokens.callerOf(await issuer.token({ sub: 'jane', scope }))).toEqual({
      id: 'person:jane',
      scopes: ['archive:read'],
      projects: ['2013.1.09999.S', '2015.1.00001.T'],
      link: null,
    });
    expect(await tokens.callerOf(await issuer.token({ aud: ['other', 'almagest'] }))).toMatchObject({ projects: [] });
  });

  it('asks for the keys once, however many tokens come', async () => {
    const token = await issuer.token();
    await Promise.all(Array.from({ length: 20 }, () => tokens.callerOf(token)));
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  describe('refuses', () => {
    it.each<[string, () => Promise<string>]>([
      ['one that has expired', () => issuer.token({ exp: now() - 60 })],
      ['one without an end', () => issuer.token({ exp: undefined })],
      ['one that does not hold yet', () => issuer.token({ nbf: now() + 120 })],
      ['one of another issuer', () => issuer.token({ iss: 'https://elsewhere.example.org' })],
      ['one for another audience', () => issuer.token({ aud: 'another-service' })],
      ['one for nobody', () => issuer.token({ aud: undefined })],
      ['one without a subject', () => issuer.token({ sub: undefined })],
      ['one whose end is text', () => issuer.token({ exp: 'tomorrow' as unknown as number })],
      ['one whose scope is a list', () => issuer.token({ scope: ['project:2013.1.09999.S'] })],
    ])('%s', async (_, make) => refused(await make()));

    const claims = (): Record<string, unknown> => ({ iss: issuer.url, aud: 'almagest', sub: 'eve', exp: now() + 300 });

    it('one without a signature', async () => {
      await refused(new UnsecuredJWT(claims()).encode());
    });

    it('one signed with the public key as if it were a shared secret', async () => {
      const secret = new TextEncoder().encode(await issuer.publicPem());
      const header = { alg: 'HS256', kid: issuer.keyId };
      await refused(await new SignJWT(claims()).setProtectedHeader(header).sign(secret));
    });

    it('one signed by somebody else under the issuer’s key id', async () => {
      const { privateKey } = (await generateKeyPair('ES256')) as { privateKey: CryptoKey };
      const header = { alg: 'ES256', kid: issuer.keyId };
      await refused(await new SignJWT(claims()).setProtectedHeader(header).sign(privateKey));
    });

    it('one that brings its own key', async () => {
      const { privateKey } = (await generateKeyPair('ES256')) as { privateKey: CryptoKey };
      const header = { alg: 'ES256', jku: `${issuer.url}/evil`, jwk: { kty: 'RSA' }, kid: 'mine' };
      await refused(await new SignJWT(claims()).setProtectedHeader(header).sign(privateKey));
      expect(issuer.asked).not.toContain('/evil');
    });

    it('one whose claims were changed after it was signed', async () => {
      const [header, , signature] = (await issuer.token()).split('.');
      const payload = Buffer.from(JSON.stringify({ ...claims(), scope: 'archive:read' })).toString('base64url');
      await refused([header, payload, signature].join('.'));
    });

    it.each(['a.b.c', '..', `${'A'.repeat(3000)}.${'B'.repeat(3000)}.C`, 'eyJhbGciOiJSUzI1NiJ9.e30.'])(
      '%.40s',
      (text) => refused(text),
    );
  });

  it('takes the key that the issuer has turned to, and lets nobody make it ask without end', async () => {
    await tokens.callerOf(await issuer.token());
    const asked = issuer.asked.length;
    for (let i = 0; i < 50; i++) await refused(await issuer.token({}, { kid: `unknown-${i}` }));
    // The keys were fetched just now: a kid nobody knows is no reason to fetch them again.
    expect(issuer.asked).toHaveLength(asked);

    await issuer.rotate('second');
    const turned = await issuer.token();
    await refused(turned);
    const later = Date.now() + 31_000;
    const clock = jest.spyOn(Date, 'now').mockReturnValue(later);
    try {
      expect(await tokens.callerOf(turned)).toMatchObject({ id: 'person:jane' });
      await refused(await issuer.token({}, { kid: 'unknown' }));
    } finally {
      clock.mockRestore();
    }
    expect(issuer.asked.slice(asked)).toEqual(['/keys']);
  });

  describe('cannot tell when the issuer', () => {
    it.each<[string, Issuer['answer']]>([
      ['fails', (_, response) => void response.writeHead(500).end()],
      ['says what is not JSON', (_, response) => void response.end('<html>')],
      ['leads elsewhere', (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
      [
        'speaks for another',
        (_, response) => void response.end(JSON.stringify({ issuer: 'https://evil.example', jwks_uri: 'http://a/' })),
      ],
      [
        'talks on and on',
        (_, response) => {
          const more = (): void => void (response.destroyed || response.write('x'.repeat(65_536), more));
          more();
        },
      ],
    ])('%s', async (_, answer) => {
      const token = await issuer.token();
      issuer.answer = answer;
      await expect(tokens.callerOf(token)).rejects.toThrow(IssuerUnreachable);
      // It is not asked again at once, whoever calls.
      const asked = issuer.asked.length;
      await expect(tokens.callerOf(token)).rejects.toThrow(IssuerUnreachable);
      expect(issuer.asked.length - asked).toBeLessThanOrEqual(1);
    });

    it('has no usable keys', async () => {
      const token = await issuer.token();
      issuer.answer = ({ url }, response): void => {
        const discovery = { issuer: issuer.url, jwks_uri: `${issuer.url}/keys` };
        response.end(url === '/keys' ? '{"keys": "none"}' : JSON.stringify(discovery));
      };
      await expect(tokens.callerOf(token)).rejects.toThrow(IssuerUnreachable);
    });

    it('is not there', async () => {
      const token = await issuer.token();
      await issuer.stop();
      await expect(tokens.callerOf(token)).rejects.toThrow(IssuerUnreachable);
      issuer = await Issuer.start();
    });
  });
});
