import type { DifferingValue, Violation } from '@almagest/contracts';

/** The kind of a refusal, which says whose fault it is; the edges translate it (HTTP status, dead letter). */
export type DomainErrorKind =
  | 'invalid'
  | 'forbidden'
  | 'not-found'
  | 'gone'
  | 'conflict'
  | 'method-not-allowed'
  | 'unsupported'
  | 'range-not-satisfiable'
  | 'no-room'
  | 'unavailable';

/**
 * A refusal in terms of the domain. Services throw it; controllers do not. Not retryable: the answer stays the same until
 * somebody acts.
 */
export class DomainError extends Error {
  readonly retryable = false;

  constructor(
    readonly kind: DomainErrorKind,
    /** A stable code for programs, such as `intake.revision-conflict`. */
    readonly code: string,
    message: string,
    readonly detail: {
      violations?: Violation[];
      differences?: DifferingValue[];
      headers?: Record<string, string>;
    } = {},
    /** Its `cause` is a fault of the archive: it is logged, and never shown to the caller. */
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'DomainError';
  }
}

/** A failure to start or run a service, independent of the domain. */
export class PlatformError extends Error {
  readonly retryable = false;

  constructor(
    readonly code:
      | 'platform.config-invalid'
      | 'platform.migrations-pending'
      | 'platform.port-taken'
      | 'platform.already-running'
      | 'platform.home-unusable',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'PlatformError';
  }
}

/** Returns false for an error that is marked as not retryable; other errors, also unknown ones, are worth a retry. */
export function isRetryable(error: unknown): boolean {
  return !(typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === false);
}

/** Returns the message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
