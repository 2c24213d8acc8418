/**
 * Who must act on each failure, and whether the same call may succeed later.
 * `caller`: the request was wrong. `store`: the store's operator must act (space, rights, configuration, a disk).
 * `passing`: nobody; the failure is temporary.
 */
const FAILURES = {
  'object-store.not-found': { fault: 'caller', retryable: false },
  'object-store.bad-key': { fault: 'caller', retryable: false },
  'object-store.bad-range': { fault: 'caller', retryable: false },
  'object-store.bad-chunk': { fault: 'caller', retryable: false },
  'object-store.bad-link': { fault: 'caller', retryable: false },
  'object-store.too-large': { fault: 'caller', retryable: false },
  'object-store.upload-not-found': { fault: 'caller', retryable: false },
  'object-store.chunk-missing': { fault: 'caller', retryable: false },
  'object-store.conflict': { fault: 'caller', retryable: false },
  'object-store.denied': { fault: 'store', retryable: false },
  'object-store.unusable': { fault: 'store', retryable: false },
  'object-store.full': { fault: 'store', retryable: true },
  'object-store.failed': { fault: 'store', retryable: true },
  'object-store.unavailable': { fault: 'passing', retryable: true },
} as const;

/** What went wrong in an object store. The table above says whose fault each is. */
export type ObjectStoreErrorCode = keyof typeof FAILURES;

/** The only error of this library, except that an aborted read ends with the `AbortError` of its signal. */
export class ObjectStoreError extends Error {
  /** Who must act: the caller, the operator of the store, or nobody, because the failure is temporary. */
  readonly fault: 'caller' | 'store' | 'passing';
  /** True when the same call may succeed later. */
  readonly retryable: boolean;

  constructor(
    readonly code: ObjectStoreErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'ObjectStoreError';
    this.fault = FAILURES[code].fault;
    this.retryable = FAILURES[code].retryable;
  }
}
