import { createHash, timingSafeEqual } from 'node:crypto';
import { AccessError } from './access.error';
import { type Caller, SCOPES } from './caller';
import { readSecretFile, type WarningLog } from './secret-file';

/** The service tokens of an installation. Only their digests are kept in memory. */
export class ServiceTokens {
  private constructor(private readonly entries: readonly { digest: Buffer; caller: Caller }[]) {}

  /**
   * Reads a file with one `name scope[,scope] token` per line; `#` begins a comment.
   * @throws AccessError `access.tokens-unreadable`
   */
  static fromFile(path: string, log: WarningLog): ServiceTokens {
    return ServiceTokens.parse(readSecretFile(path, 'service tokens', 'access.tokens-unreadable', log), path);
  }

  static parse(text: string, origin: string): ServiceTokens {
    const entries = text.split('\n').flatMap((line, index) => {
      if (line.trim() === '' || line.startsWith('#')) return [];
      const [name, scopes, token, ...rest] = line.trim().split(/\s+/);
      const known = (scopes ?? '').split(',').flatMap((scope) => SCOPES.filter((candidate) => candidate === scope));
      if (
        !name ||
        !token ||
        token.length < 20 ||
        rest.length > 0 ||
        known.length !== (scopes ?? '').split(',').length
      ) {
        throw new AccessError(
          'access.tokens-unreadable',
          `${origin}, line ${index + 1}: expected "name scope[,scope] token" with a token of at least 20 characters ` +
            `and scopes from ${SCOPES.join(', ')}`,
        );
      }
      return [{ digest: digestOf(token), caller: { id: `service:${name}`, scopes: known, projects: [], link: null } }];
    });
    if (entries.length === 0) throw new AccessError('access.tokens-unreadable', `${origin} contains no token`);
    return new ServiceTokens(entries);
  }

  /** Returns the caller that holds this token. Compares it with every entry, each in constant time. */
  callerOf(token: string): Caller | null {
    const digest = digestOf(token);
    return this.entries.reduce<Caller | null>(
      (found, entry) => (timingSafeEqual(entry.digest, digest) ? entry.caller : found),
      null,
    );
  }
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
