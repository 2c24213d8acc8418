import { NO_RETRY, type RetryPolicy } from '@almagest/retry';

/** For faults that pass within seconds, or never. */
export const RETRY_SOON: RetryPolicy = {
  initialInterval: 2_000,
  backoffCoefficient: 4,
  maximumInterval: 8_000,
  maximumAttempts: 3,
};

/** For outages: seven retries within an hour and a half. */
export const RETRY_LATE: RetryPolicy = {
  initialInterval: 10_000,
  backoffCoefficient: 3,
  maximumInterval: 31 * 60_000,
  maximumAttempts: 8,
};

/** Why bytes cannot be read, and when a job that fails for that reason runs again. */
const RETRY = {
  /** The configuration does not let this archive read there. */
  'source.not-allowed': NO_RETRY,
  /** Not something that bytes can be read from, or a malformed response. */
  'source.unusable': NO_RETRY,
  'source.not-found': RETRY_SOON,
  'source.denied': RETRY_SOON,
  /** A server that sends a web page, such as a login form, instead of the file. */
  'source.web-page': RETRY_SOON,
  /** The server's file of this name has another length. */
  'source.other-length': RETRY_SOON,
  /** The bytes do not match the checksum of their server. */
  'source.corrupt': RETRY_SOON,
  /** The file was replaced while it was read. */
  'source.changed': RETRY_SOON,
  /** The download was interrupted, and the server names no version of the file to resume. */
  'source.not-resumable': RETRY_LATE,
  /** The server does not respond, or its response was interrupted. */
  'source.unavailable': RETRY_LATE,
} as const satisfies Record<string, RetryPolicy>;

export type SourceErrorCode = keyof typeof RETRY;

/** A location that cannot be read. The message names the location, never a credential. */
export class SourceError extends Error {
  readonly retryable: boolean;
  /** When a job that failed with this error runs again. */
  readonly retry: RetryPolicy;
  /** For a report, where there is more to say than the message does. */
  readonly expected: string | null;
  readonly found: string | null;
  /** The server has sent nothing within the time-out. */
  readonly isSilence: boolean;
  /** The part that was to be read, once that is known. */
  part: string | null = null;

  constructor(
    readonly code: SourceErrorCode,
    message: string,
    details: { cause?: unknown; expected?: string; found?: string; isSilence?: boolean } = {},
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.name = 'SourceError';
    this.retry = RETRY[code];
    this.retryable = this.retry.maximumAttempts > 1;
    this.expected = details.expected ?? null;
    this.found = details.found ?? null;
    this.isSilence = details.isSilence ?? false;
  }
}
