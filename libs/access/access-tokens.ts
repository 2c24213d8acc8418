import { faultsOf, parseInput } from '@almagest/contracts';
import { readBody } from '@almagest/platform';
import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { AccessError } from './access.error';
import { type Caller, type Scope, SCOPES } from './caller';

/** Asymmetric signatures only: no shared secret, and never `none`. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const PROJECT = 'project:';
/** Faults of the issuer, by the codes of jose: no key set, an unreadable one, or a time-out. */
const NO_KEYS = new Set(['ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID', 'ERR_JWKS_TIMEOUT']);

const CLOCK_TOLERANCE_SECONDS = 30;
const ANSWER_LIMIT_MS = 5_000;
const ANSWER_LIMIT_BYTES = 256 * 1024;
/** Keys are fetched again after this time. */
const KEYS_MAX_AGE_MS = 10 * 60_000;
/** The least time between two fetches of the keys for an unknown key id. */
const COOLDOWN_MS = 30_000;
/** The issuer is not asked again for this time after a failure. */
const FAILURE_COOLDOWN_MS = 2_000;

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });
const claimsSchema = z.object({
  sub: z.string().min(1).max(255),
  scope: z.string({ error: 'expected a string of scopes with blanks between them (RFC 9068, 2.2.3)' }).optional(),
});

/**
 * Verifies access tokens (RFC 9068) of an OpenID Connect issuer, with the keys that its discovery document names.
 * `scope` contains `project:<code>` for each project whose data the person may read; staff have the scopes of services.
 */
export class AccessTokens {
  private keys: JWTVerifyGetKey | undefined;
  private discovery: Promise<JWTVerifyGetKey> | undefined;
  private failedAt = -Infinity;

  constructor(
    private readonly issuer: string,
    private readonly audience: string,
  ) {}

  /**
   * Returns the caller that a token identifies.
   * @throws AccessError `access.token-invalid`, `access.issuer-unreachable`
   */
  async callerOf(token: string): Promise<Caller> {
    const claims = parseInput(claimsSchema, await this.verify(token));
    if (!claims.success) throw invalidToken(`The access token has unusable claims: ${faultsOf(claims.error)}`);
    const granted = (claims.data.scope ?? '').split(' ');
    return {
      id: `person:${claims.data.sub}`,
      scopes: granted.filter((scope): scope is Scope => (SCOPES as readonly string[]).includes(scope)),
      projects: granted.filter((scope) => scope.startsWith(PROJECT)).map((scope) => scope.slice(PROJECT.length)),
      link: null,
    };
  }

  private async verify(token: string): Promise<unknown> {
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
      if (error instanceof errors.JWTExpired) throw invalidToken('The access token has expired');
      if (error instanceof AccessError) throw error;
      if (error instanceof errors.JOSEError && NO_KEYS.has(error.code)) throw unreachable(error);
      throw invalidToken('The access token is not valid here', error);
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
    // A document of another issuer, or keys over an unencrypted connection, would let a third party in.
    if (!document.success || document.data.issuer !== this.issuer) {
      throw unreachable(undefined, 'the discovery document is not that of the issuer');
    }
    const keysUrl = new URL(document.data.jwks_uri);
    if (keysUrl.protocol !== new URL(this.issuer).protocol) {
      throw unreachable(undefined, 'the keys are not available over the protocol of the issuer');
    }
    return createRemoteJWKSet(keysUrl, {
      cacheMaxAge: KEYS_MAX_AGE_MS,
      cooldownDuration: COOLDOWN_MS,
      timeoutDuration: ANSWER_LIMIT_MS,
      [customFetch]: (url) => this.ask(url),
    });
  }

  /** Gets a small document from the issuer. After a failure, does not ask the issuer again for a while. */
  private async ask(url: string): Promise<Response> {
    if (performance.now() - this.failedAt < FAILURE_COOLDOWN_MS)
      throw unreachable(undefined, 'the issuer failed just now');
    try {
      const response = await fetch(url, {
        headers: { accept: 'application/json' },
        redirect: 'error',
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      });
      const body = await readBody(response.body, { bytes: ANSWER_LIMIT_BYTES, milliseconds: ANSWER_LIMIT_MS });
      if (response.status !== 200) throw new Error(`it answered ${response.status}`);
      return new Response(new Uint8Array(body), { status: 200 });
    } catch (cause) {
      this.failedAt = performance.now();
      throw unreachable(cause);
    }
  }
}

function invalidToken(message: string, cause?: unknown): AccessError {
  return new AccessError('access.token-invalid', message, { cause });
}

function unreachable(cause: unknown, message = 'the issuer does not answer'): AccessError {
  return new AccessError('access.issuer-unreachable', message, { cause });
}
