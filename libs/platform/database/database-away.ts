import { DomainError } from '../errors';

/** When a client may try again, in seconds. */
const RETRY = { 'Retry-After': '5' };

/** SQLSTATE `disk_full`. */
const DISK_FULL = '53100';

/**
 * SQLSTATEs that say that the server cannot work now, whatever the query (PostgreSQL, appendix A): class 08 connection
 * exception, class 53 insufficient resources (memory, connections), and shutdown, crash, start-up of the server.
 */
const STATES = /^(?:08...|53...|57P0[123])$/;

/** Node's codes of a connection that failed. */
const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** Messages of pg for a lost connection; these errors have no code. */
const MESSAGES =
  /^(?:Connection terminated|timeout expired$|timeout exceeded when trying to connect$|Client has encountered a connection error|Client was closed and is not queryable|Query read timeout$)/;

/**
 * Returns the refusal of a request that failed because the database cannot be reached or cannot work now, so that the
 * same request may succeed later; null for every other error. Other engines have errors of their own.
 */
export function databaseRefusal(error: unknown): DomainError | null {
  if (typeof error !== 'object' || error === null) return null;
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (code === DISK_FULL) {
    const text = 'The disk of the database is full; try again when its operator has freed space';
    return new DomainError('no-room', 'platform.database-full', text, { headers: RETRY });
  }
  const isAway =
    typeof code === 'string'
      ? STATES.test(code) || CONNECTION_CODES.has(code)
      : typeof message === 'string' && MESSAGES.test(message);
  if (!isAway) return null;
  const text = 'The database is not available; try again';
  return new DomainError('unavailable', 'platform.database-unavailable', text, { headers: RETRY });
}
