import { ObjectStoreError, type ObjectStoreErrorCode } from '../object-store.error';

/** A response of an S3 server other than success. */
export class S3ResponseError extends Error {
  constructor(
    readonly status: number,
    /** S3's error code, such as `NoSuchKey`; derived from the status when the body has none. */
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'S3ResponseError';
  }
}

/** S3's error code takes precedence over the status: stores disagree, for example, on the status of a full disk. */
const BY_CODE: Readonly<Record<string, ObjectStoreErrorCode>> = {
  NoSuchKey: 'object-store.not-found',
  NoSuchBucket: 'object-store.unusable',
  InvalidBucketName: 'object-store.unusable',
  NoSuchUpload: 'object-store.upload-not-found',
  InvalidRange: 'object-store.bad-range',
  InvalidPart: 'object-store.chunk-missing',
  InvalidPartOrder: 'object-store.bad-chunk',
  // The sizes in the list were checked before, so the store has another chunk under that number.
  EntityTooSmall: 'object-store.chunk-missing',
  EntityTooLarge: 'object-store.too-large',
  KeyTooLongError: 'object-store.bad-key',
  PreconditionFailed: 'object-store.conflict',
  ObjectParentIsFile: 'object-store.conflict',
  ExistingObjectIsDirectory: 'object-store.conflict',
  ExistingObjectIsFile: 'object-store.conflict',
  QuotaExceeded: 'object-store.full',
  XMinioStorageFull: 'object-store.full',
  XMinioAdminBucketQuotaExceeded: 'object-store.full',
  InsufficientCapacity: 'object-store.full',
  BadDigest: 'object-store.unavailable',
  XAmzContentSHA256Mismatch: 'object-store.unavailable',
  IncompleteBody: 'object-store.unavailable',
  RequestTimeout: 'object-store.unavailable',
  SlowDown: 'object-store.unavailable',
  OperationAborted: 'object-store.unavailable',
  ConditionalRequestConflict: 'object-store.unavailable',
};

const BY_STATUS: Readonly<Record<number, ObjectStoreErrorCode>> = {
  401: 'object-store.denied',
  403: 'object-store.denied',
  404: 'object-store.not-found',
  408: 'object-store.unavailable',
  412: 'object-store.conflict',
  413: 'object-store.too-large',
  416: 'object-store.bad-range',
  429: 'object-store.unavailable',
  501: 'object-store.unusable',
  507: 'object-store.full',
};

/** Node's errors when the network or the server is temporarily unavailable. */
const NETWORK =
  /^(?:ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|ENOTFOUND|EAI_AGAIN|EADDRNOTAVAIL|ERR_STREAM_PREMATURE_CLOSE|HPE_.*)$/;

/** Translates a failed request. An unknown error, such as an invalid certificate, is a fault of the configuration. */
export function s3Error(error: unknown, doing: string): ObjectStoreError {
  if (error instanceof ObjectStoreError) return error;
  const { code, message } = detailsOf(error);
  return new ObjectStoreError(codeOf(error, code), `${doing} failed: ${code} ${message}`, { cause: error });
}

/** Whether the server refused the request with this code of S3. */
export function isRefusal(error: unknown, code: string): boolean {
  return error instanceof S3ResponseError && error.code === code;
}

/** Returns the result of the call, or null when it failed with this code. */
export async function nullWhen<T>(code: ObjectStoreErrorCode, call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (s3Error(error, '').code === code) return null;
    throw error;
  }
}

function codeOf(error: unknown, code: string): ObjectStoreErrorCode {
  if (error instanceof S3ResponseError) {
    const known = BY_CODE[error.code] ?? BY_STATUS[error.status];
    return known ?? (error.status >= 500 ? 'object-store.unavailable' : 'object-store.unusable');
  }
  return NETWORK.test(code) ? 'object-store.unavailable' : 'object-store.unusable';
}

/** Does not use `instanceof Error`: a test runner gives each test file an Error class of its own. */
function detailsOf(error: unknown): { code: string; message: string } {
  if (typeof error !== 'object' || error === null) return { code: '', message: String(error) };
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    code: 'code' in error ? text(error.code) : '',
    message: 'message' in error ? text(error.message) : '',
  };
}
