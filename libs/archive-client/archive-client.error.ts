import type { DifferingValue, Violation } from '@almagest/contracts';

export type ArchiveClientErrorCode =
  /** The archive refused the request: HTTP 4xx with a problem document. */
  | 'archive-client.refused'
  /** The archive failed: HTTP 5xx with a problem document. */
  | 'archive-client.failed'
  /** Nothing answers, the connection broke, or a gateway has no service behind it. Retryable. */
  | 'archive-client.unreachable'
  /** What answers is not this archive, or the answer breaks its contract. */
  | 'archive-client.not-an-archive'
  /** The downloaded bytes do not have the catalogue's SHA-256. */
  | 'archive-client.digest-differs'
  /** A tar that is damaged, or holds a name or type that is not safe to unpack. */
  | 'archive-client.unsafe-archive'
  | 'archive-client.disk-full'
  | 'archive-client.cannot-write'
  /** A local file cannot be read. */
  | 'archive-client.cannot-read'
  /** Something else already has the path of a file; it is never overwritten. */
  | 'archive-client.file-in-the-way';

export interface ArchiveClientErrorDetail {
  cause?: unknown;
  /** The archive's own code of a refusal, such as `intake.content-conflict`. */
  problem?: string;
  violations?: readonly Violation[];
  /** JSON pointers at which the posted document differs from the recorded one. */
  differences?: readonly string[];
  /** The recorded and the posted value at each of them. */
  differingValues?: readonly DifferingValue[];
  /** Advice of the `ArchiveAddress` for this error. */
  hints?: readonly string[];
}

/** The error base of the archive client. An aborted call throws the reason of its signal instead. */
export class ArchiveClientError extends Error {
  readonly retryable: boolean;

  constructor(
    readonly code: ArchiveClientErrorCode,
    message: string,
    readonly detail: ArchiveClientErrorDetail = {},
  ) {
    super(message, 'cause' in detail ? { cause: detail.cause } : undefined);
    this.name = 'ArchiveClientError';
    this.retryable = code === 'archive-client.unreachable';
  }
}

/** Returns the code of an error of the operating system or of Node, such as `ENOENT`; empty when it has none. */
export function systemCodeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
