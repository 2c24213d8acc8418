import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { type Caller, type Scope, SCOPES } from './caller';

/** Signatures that only the issuer can make: no shared secret, and never none. */
const ALGORITHMS = [...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'], ...['ES256', 'ES384', 'ES512', 'EdDSA']];
const PROJECT = 'project:';
/** The issuer's fault, by the codes of jose: no key set, none that can be read, none in time. */
const NO_KEYS = new Set(['ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID', 'ERR_JWKS_TIMEOUT']);

const CLOCK_TOLERANCE_SECONDS = 30;
const ANSWER_LIMIT_MS = 5_000;
const ANSWER_LIMIT_BYTES = 256 * 1024;
/** Keys are fetched again after this time, */
const KEYS_LAST_MS = 10 * 60_000;
/** but for a key nobody knows, or after a failure, not before this one. */
const COOLDOWN_MS = 30_000;
const FAILURE_COOLDOWN_MS = 2_000;

/** A token that this archive does not take. The message says why, and nothing of the token. */
export class TokenRefused extends Error {}

/** The issuer's keys cannot be had now, so nobody can tell. */
export class IssuerUnreachable extends Error {}

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });
const claimsSchema = z.object({ sub: z.string().min(1).max(255), scope: z.string().optional() });

/**
 * The access tokens (RFC 9068) of an OpenID Connect issuer, whose keys are found by its discovery document. `scope`
 * holds `project:<code>` for each project whose data the person may read; staff hold the scopes of services.
 */
export class AccessTokens {
  private keys: JWTVerifyGetKey | undefined;
  private discovery: Promise<JWTVerifyGetKey> | undefined;
  private failedAt = -Infinity;

  constructor(
    private readonly issuer: string,
    private readonly audience: string,
  ) {}

  /** @throws TokenRefused, IssuerUnreachable */
  async callerOf(token: string): Promise<Caller> {
    const claims = claimsSchema.safeParse(await this.verified(token));
    if (!claims.success) throw new TokenRefused('The access token does not name its subject');
    const granted = (claims.data.scope ?? '').split(' ');
    return {
      id: `person:${claims.data.sub}`,
      scopes: granted.filter((scope): scope is Scope => (SCOPES as readonly string[]).includes(scope)),
      projects: granted.filter((scope) => scope.startsWith(PROJECT)).map((scope) => scope.slice(PROJECT.length)),
      link: null,
    };
  }

  private async verified(token: string): Promise<unknown> {
    try {
      const { payload } = await jwtVerify(token, async (header, jws) => (await this.keySet())(header, jws), {
        issuer: this.issuer,
        audience: this.audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp', 'iss', 'aud', 'sub'],
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new TokenRefused('The access token has expired');
      const isTheirs = error instanceof errors.JOSEError && NO_KEYS.has(error.code);
      if (isTheirs || error instanceof IssuerUnreachable) throw unreachable(error);
      throw new TokenRefused('The access token is not valid here', { cause: error });
    }
  }

  private async keySet(): Promise<JWTVerifyGetKey> {
    if (this.keys !== undefined) return this.keys;
    this.discovery ??= this.discover().finally(() => (this.discovery = undefined));
    this.keys = await this.discovery;
    return this.keys;
  }

  private async discover(): Promise<JWTVerifyGetKey> {
    const response = await this.ask(`${this.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    const document = discoverySchema.safeParse(await response.json().catch(() => null));
    // A document that speaks for another issuer, or keys over a plain connection, would let a third party in.
    if (!document.success || document.data.issuer !== this.issuer) {
      throw new IssuerUnreachable('the discovery document is not that of the issuer');
    }
    const place = new URL(document.data.jwks_uri);
    if (place.protocol !== new URL(this.issuer).protocol) {
      throw new IssuerUnreachable('the keys are not to be had over the protocol of the issuer');
    }
    return createRemoteJWKSet(place, {
      cacheMaxAge: KEYS_LAST_MS,
      cooldownDuration: COOLDOWN_MS,
      timeoutDuration: ANSWER_LIMIT_MS,
      [customFetch]: (url) => this.ask(url),
    });
  }

  /** A small answer of the issuer, in time; after a failure it is left alone for a while. */
  private async ask(url: string): Promise<Response> {
    if (performance.now() - this.failedAt < FAILURE_COOLDOWN_MS) throw new IssuerUnreachable('it failed just now');
    try {
      const response = await fetch(url, {
        headers: { accept: 'application/json' },
        redirect: 'error',
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      });
      if (response.status !== 200) throw new Error(`it answered ${response.status}`);
      return new Response(await limited(response), { status: 200 });
    } catch (cause) {
      this.failedAt = performance.now();
      throw unreachable(cause);
    }
  }
}

async function limited(response: Response): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array<ArrayBuffer>>) {
    size += chunk.length;
    if (size > ANSWER_LIMIT_BYTES) throw new Error('it answered at too great a length');
    chunks.push(chunk);
  }
  return new Blob(chunks);
}

function unreachable(cause: unknown): IssuerUnreachable {
  return cause instanceof IssuerUnreachable ? cause : new IssuerUnreachable('the issuer does not answer', { cause });
}
