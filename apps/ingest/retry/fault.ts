import { ObjectStoreError, type ObjectStoreErrorCode } from '@almagest/object-store';
import { NO_RETRY, type RetryPolicy } from '@almagest/retry';
import { RETRY_SOON, SourceError } from '@almagest/sources';
import { TarError } from '@almagest/tar';
import { PartTooLongError } from '../ingest.error';

/** Why a run of a job failed, and when the job runs again. */
export interface Fault {
  /** Who must act: the submitter of the delivery, or an operator of the archive. */
  of: 'source' | 'archive';
  /** After its last attempt the delivery is rejected. */
  retry: RetryPolicy;
}

/** Retried without end: a store that has room again is noticed within five minutes. */
const ARCHIVE_RETRY: RetryPolicy = {
  initialInterval: 5_000,
  backoffCoefficient: 2,
  maximumInterval: 300_000,
  maximumAttempts: Infinity,
};

/** What the job was using has been deleted from the store meanwhile; another run starts again without it. */
const DELETED_MEANWHILE: readonly ObjectStoreErrorCode[] = [
  'object-store.not-found',
  'object-store.upload-not-found',
  'object-store.chunk-missing',
];

/**
 * Distinguishes a fault of the source, whose retries are limited, from one of the archive, which never counts against the
 * delivery. Every error that does not come from a source is the archive's: its database, its store, its own defect.
 */
export function faultOf(error: unknown): Fault {
  if (error instanceof SourceError) return { of: 'source', retry: error.retry };
  if (error instanceof TarError) return { of: 'source', retry: error.retryable ? RETRY_SOON : NO_RETRY };
  if (error instanceof PartTooLongError) return { of: 'source', retry: NO_RETRY };
  const isRefused =
    error instanceof ObjectStoreError && error.fault === 'caller' && !DELETED_MEANWHILE.includes(error.code);
  return isRefused ? { of: 'source', retry: NO_RETRY } : { of: 'archive', retry: ARCHIVE_RETRY };
}
