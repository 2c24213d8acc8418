import type { Violation } from '@almagest/contracts';
import { EXIT } from './exit-code';

const EXIT_CODES = {
  'cli.output-closed': EXIT.ok,
  'cli.usage': EXIT.usage,
  'cli.config-invalid': EXIT.usage,
  'cli.input-unreadable': EXIT.usage,
  'cli.input-invalid': EXIT.usage,
  'cli.id-ambiguous': EXIT.usage,
  'cli.id-unknown': EXIT.refused,
  'cli.archive-refused': EXIT.refused,
  'cli.archive-failed': EXIT.refused,
  'cli.not-delivered': EXIT.refused,
  'cli.no-such-file': EXIT.refused,
  'cli.digest-differs': EXIT.refused,
  'cli.unsafe-archive': EXIT.refused,
  'cli.cannot-restore': EXIT.refused,
  'cli.casa-failed': EXIT.refused,
  'cli.no-casa': EXIT.usage,
  'cli.start-failed': EXIT.refused,
  'cli.demo-failed': EXIT.refused,
  'cli.no-archive': EXIT.unreachable,
  'cli.archive-unreachable': EXIT.unreachable,
  'cli.not-an-archive': EXIT.unreachable,
  'cli.disk-full': EXIT.disk,
  'cli.cannot-write': EXIT.disk,
  'cli.file-in-the-way': EXIT.disk,
  'cli.interrupted': EXIT.interrupted,
} as const;

export type CliErrorCode = keyof typeof EXIT_CODES;

/** What a message alone does not hold. */
export interface CliErrorDetail {
  cause?: unknown;
  /** The archive's own code of a refusal, such as `intake.content-conflict`. */
  problem?: string;
  violations?: readonly Violation[];
  /** JSON pointers at which what was posted differs from what is recorded. */
  differences?: readonly string[];
  /** What was posted, to show its values at the differences. */
  posted?: unknown;
  /** What the user can do about it, one line each. */
  hints?: readonly string[];
}

/** The one error of the command line: what went wrong, what to do about it, and the exit code it leads to. */
export class CliError extends Error {
  readonly retryable: boolean;

  constructor(
    readonly code: CliErrorCode,
    message: string,
    readonly detail: CliErrorDetail = {},
  ) {
    super(message, 'cause' in detail ? { cause: detail.cause } : undefined);
    this.name = 'CliError';
    this.retryable = code === 'cli.archive-unreachable';
  }

  get exitCode(): number {
    return EXIT_CODES[this.code];
  }
}

/** True for an error with one of these codes. */
export function isCliError(error: unknown, ...codes: CliErrorCode[]): error is CliError {
  return error instanceof CliError && (codes.length === 0 || codes.includes(error.code));
}
