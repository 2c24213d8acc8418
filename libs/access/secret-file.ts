import { readFileSync, statSync } from 'node:fs';
import { AccessError, type AccessErrorCode } from './access.error';

/** What a warning is passed to: the log of a service. */
export interface WarningLog {
  warn(details: object, message: string): void;
}

/** Files that were warned of: the services of a standalone archive read the same ones. */
const warned = new Set<string>();

/**
 * Reads a file of tokens or keys, and warns once when every user of the machine may read it. A group may: that of the
 * services.
 * @throws AccessError with `code`
 */
export function readSecretFile(path: string, what: string, code: AccessErrorCode, log: WarningLog): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AccessError(code, `cannot read the ${what} in ${path}`, { cause });
  }
  const mode = statSync(path).mode & 0o777;
  if (process.platform !== 'win32' && (mode & 0o007) !== 0 && !warned.has(path)) {
    warned.add(path);
    const octal = mode.toString(8).padStart(4, '0');
    log.warn({ path, mode: octal }, `Every user of this machine may read the ${what}; run: chmod o= FILE`);
  }
  return text;
}
