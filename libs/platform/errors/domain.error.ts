import type { Violation } from '@almagest/contracts';

/** Whose fault a refusal is and of what kind; the edges translate it (HTTP status, dead letter). */
export type DomainErrorKind =
  'invalid' | 'not-found' | 'gone' | 'conflict' | 'unsupported' | 'range-not-satisfiable' | 'no-room';

/**
 * A refusal in the field's own terms, thrown by services and never by controllers. Not retryable: asking again gives
 * the same answer, until somebody has acted.
 */
export class DomainError extends Error {
  readonly retryable = false;

  constructor(
    readonly kind: DomainErrorKind,
    /** A stable code for programs, such as `intake.revision-conflict`. */
    readonly code: string,
    message: string,
    readonly detail: { violations?: Violation[]; differences?: string[]; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.name = 'DomainError';
  }
}

/** True when an error says of itself that trying again may help; unknown errors are given that chance. */
export function isRetryable(error: unknown): boolean {
  return !(typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === false);
}
