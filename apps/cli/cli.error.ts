import { ArchiveClientError, type ArchiveClientErrorCode } from '@almagest/archive-client';
import type { DifferingValue, Violation } from '@almagest/contracts';
import { EXIT } from './exit-code';

const EXIT_CODES = {
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
  'cli.needs-checkout': EXIT.usage,
  'cli.start-failed': EXIT.refused,
  'cli.demo-failed': EXIT.refused,
  'cli.no-archive': EXIT.unreachable,
  'cli.archive-unreachable': EXIT.unreachable,
  'cli.not-an-archive': EXIT.unreachable,
  'cli.disk-full': EXIT.disk,
  'cli.cannot-write': EXIT.disk,
  'cli.output-lost': EXIT.disk,
  'cli.file-in-the-way': EXIT.disk,
  'cli.interrupted': EXIT.interrupted,
} as const;

export type CliErrorCode = keyof typeof EXIT_CODES;

/** The code of each error of the archive client, and what the user can do about it. */
const FROM_ARCHIVE_CLIENT: Record<ArchiveClientErrorCode, { code: CliErrorCode; hint?: string }> = {
  'archive-client.refused': { code: 'cli.archive-refused' },
  'archive-client.failed': { code: 'cli.archive-failed' },
  'archive-client.unreachable': { code: 'cli.archive-unreachable' },
  'archive-client.not-an-archive': { code: 'cli.not-an-archive' },
  'archive-client.digest-differs': {
    code: 'cli.digest-differs',
    hint: 'the operators of the archive can check what is stored: almagest scrub',
  },
  'archive-client.unsafe-archive': { code: 'cli.unsafe-archive' },
  'archive-client.disk-full': { code: 'cli.disk-full', hint: 'free some disk space and run the same command again' },
  'archive-client.cannot-write': { code: 'cli.cannot-write' },
  'archive-client.cannot-read': { code: 'cli.input-unreadable' },
  'archive-client.file-in-the-way': {
    code: 'cli.file-in-the-way',
    hint: 'move it away, or use another directory: --into DIR',
  },
};

/** The details of an error besides its message. */
export interface CliErrorDetail {
  cause?: unknown;
  /** The archive's own code of a refusal, such as `intake.content-conflict`. */
  problem?: string;
  violations?: readonly Violation[];
  /** JSON pointers at which the posted document differs from the recorded one. */
  differences?: readonly string[];
  /** The recorded and the posted value at each of them. */
  differingValues?: readonly DifferingValue[];
  /** What the user can do about it, one line each. */
  hints?: readonly string[];
}

/** The error base of the command line: what went wrong, what the user can do about it, and the exit code. */
export class CliError extends Error {
  constructor(
    readonly code: CliErrorCode,
    message: string,
    readonly detail: CliErrorDetail = {},
  ) {
    super(message, 'cause' in detail ? { cause: detail.cause } : undefined);
    this.name = 'CliError';
  }

  get exitCode(): number {
    return EXIT_CODES[this.code];
  }
}

/** Returns true for a CliError with one of these codes; for any CliError when no code is given. */
export function isCliError(error: unknown, ...codes: CliErrorCode[]): error is CliError {
  return error instanceof CliError && (codes.length === 0 || codes.includes(error.code));
}

/** Returns the CliError for an error of the archive client; every other error as it is. */
export function toCliError(error: unknown): unknown {
  if (!(error instanceof ArchiveClientError)) return error;
  const { code, hint } = FROM_ARCHIVE_CLIENT[error.code];
  const { hints = [] } = error.detail;
  return new CliError(code, error.message, { ...error.detail, hints: hint === undefined ? hints : [...hints, hint] });
}

/** Returns the error of a command that can resume, because it was interrupted or lost the archive; otherwise null. */
export function resumableError(error: unknown): CliError | null {
  const known = toCliError(error);
  return isCliError(known, 'cli.interrupted', 'cli.archive-unreachable') ? known : null;
}
