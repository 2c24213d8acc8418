import { ObjectStoreError } from '@almagest/object-store';
import { NO_RETRY, type RetryPolicy } from '@almagest/retry';
import { RETRY_SOON, SourceError, type SourceErrorCode } from '@almagest/sources';
import { TarError } from '@almagest/tar';

/** What is wrong with an ASDM that the bulk store gave, or with the room for it. */
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

/** What a requester is told of the bulk store: where things lie in it is the observatory's own business, and logged. */
const BULK_STORE: Record<SourceErrorCode, string> = {
  'source.not-allowed': 'it lies where this archive may not read',
  'source.unusable': 'what the bulk store has in its place is no file',
  'source.not-found': 'the bulk store does not have it',
  'source.denied': 'the bulk store does not give it out',
  'source.web-page': 'a web page came from the bulk store in its place',
  'source.other-length': 'the bulk store has it with another size',
  'source.corrupt': 'the bulk store gave other bytes than it took in',
  'source.changed': 'it was replaced while it was read',
  'source.not-resumable': 'the bulk store broke off',
  'source.unavailable': 'the bulk store cannot give it now',
};

/** What the requester is told of it. */
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
  return { code: 'raw.held-up', message: 'the archive could not work; it tries again', expected: null, found: null };
}
