import { ObjectStoreError } from '@almagest/object-store';
import { NO_RETRY, type RetryPolicy } from '@almagest/retry';
import { RETRY_SOON, SourceError, type SourceErrorCode } from '@almagest/sources';
import { TarError } from '@almagest/tar';

/** A fault of an ASDM from the bulk store, or no room for it. */
export class AsdmError extends Error {
  readonly retryable: boolean;

  constructor(
    readonly code: 'raw.size' | 'raw.wrong-tree' | 'raw.no-room',
    message: string,
    readonly expected: string | null = null,
    readonly found: string | null = null,
  ) {
    super(message);
    this.name = 'AsdmError';
    this.retryable = code === 'raw.no-room';
  }
}

/** Returns when a failed staging runs again; null for a fault of the service itself, which is retried without end. */
export function retryOf(error: unknown): RetryPolicy | null {
  if (error instanceof SourceError) return error.retry;
  if (error instanceof AsdmError) return error.retryable ? RETRY_SOON : NO_RETRY;
  if (error instanceof TarError) return NO_RETRY;
  if (error instanceof ObjectStoreError && error.code === 'object-store.full') return RETRY_SOON;
  return null;
}

/** What requesters see of faults in the bulk store: its locations are internal to the observatory, and only logged. */
const BULK_STORE: Record<SourceErrorCode, string> = {
  'source.not-allowed': 'this archive is not allowed to read its location',
  'source.unusable': 'its location in the bulk store is not a file',
  'source.not-found': 'the bulk store does not have it',
  'source.denied': 'the bulk store denies access to it',
  'source.web-page': 'the bulk store sent a web page instead of it',
  'source.other-length': 'its size in the bulk store is not the one that was posted',
  'source.corrupt': 'its bytes do not match the checksum of the bulk store',
  'source.changed': 'it was replaced while it was being read',
  'source.not-resumable': 'the bulk store interrupted the transfer',
  'source.unavailable': 'the bulk store is unavailable',
};

/** Returns what the requester sees of a failure. */
export function reasonOf(error: unknown): {
  code: string;
  message: string;
  expected: string | null;
  found: string | null;
} {
  if (error instanceof SourceError) {
    const { code, expected, found } = error;
    return { code, message: BULK_STORE[code], expected, found };
  }
  if (error instanceof AsdmError || error instanceof TarError) {
    const { code, message, expected, found } = error;
    return { code, message, expected, found };
  }
  if (error instanceof ObjectStoreError && error.code === 'object-store.full') {
    return { code: 'raw.no-room', message: 'the staging area is full', expected: null, found: null };
  }
  return { code: 'raw.held-up', message: 'the archive had a fault, and retries', expected: null, found: null };
}
