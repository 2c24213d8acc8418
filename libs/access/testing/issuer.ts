import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

interface Key {
  kid: string;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  jwk: JWK;
}

/** An OpenID Connect issuer for tests: discovery, keys, and signed tokens. */
export class Issuer {
  /** Paths of the requests, in order. */
  readonly requests: string[] = [];
  /** When set, answers instead of the issuer. */
  answer: ((request: IncomingMessage, response: ServerResponse) => void) | null = null;

  private constructor(
    private readonly server: Server,
    readonly url: string,
    private key: Key,
  ) {}

  static async start(): Promise<Issuer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const issuer = new Issuer(server, url, await makeKey('first'));
    server.on('request', (request, response) => issuer.handle(request, response));
    return issuer;
  }

  /** Returns a valid access token for `sub`, with the given claims and header fields. */
  async token(claims: JWTPayload = {}, header: { kid?: string } = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ iss: this.url, aud: 'almagest', sub: 'jane', iat: now, exp: now + 300, ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: this.key.kid, ...header })
      .sign(this.key.privateKey);
  }

  /** Returns the public key as text, which a careless verifier might use as a shared secret. */
  async publicPem(): Promise<string> {
    return exportSPKI(this.key.publicKey);
  }

  get keyId(): string {
    return this.key.kid;
  }

  /** Signs with a new key from now on, and publishes only that key. */
  async rotate(kid: string): Promise<void> {
    this.key = await makeKey(kid);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(request.url ?? '');
    if (this.answer !== null) return this.answer(request, response);
    const documents: Record<string, unknown> = {
      '/.well-known/openid-configuration': { issuer: this.url, jwks_uri: `${this.url}/keys` },
      '/keys': { keys: [this.key.jwk] },
    };
    const document = documents[request.url ?? ''];
    response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document ?? {}));
  }
}

async function makeKey(kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  return { kid, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'ES256' } };
}
