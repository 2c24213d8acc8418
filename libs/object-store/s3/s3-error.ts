import { ObjectStoreError, type ObjectStoreErrorCode } from '../object-store.error';

/** An answer of an S3 server other than success, as far as it could be read. */
export class S3ResponseError extends Error {
  constructor(
    readonly status: number,
    /** S3's own code, such as `NoSuchKey`; made from the status when the body has none. */
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'S3ResponseError';
  }
}

/** By S3's own code, which comes before the status: stores disagree on the status of a full disk, for one. */
const BY_CODE: Readonly<Record<string, ObjectStoreErrorCode>> = {
  NoSuchKey: 'object-store.not-found',
  NoSuchBucket: 'object-store.unusable',
  InvalidBucketName: 'object-store.unusable',
  NoSuchUpload: 'object-store.upload-not-found',
  InvalidRange: 'object-store.bad-range',
  InvalidPart: 'object-store.chunk-missing',
  InvalidPartOrder: 'object-store.bad-chunk',
  // Only of a list whose sizes are right: so the store holds another chunk under that number.
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

/** What Node says when the network, or the server at its other end, is not there for the moment. */
const NETWORK =
  /^(?:ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|ENOTFOUND|EAI_AGAIN|EADDRNOTAVAIL|ERR_STREAM_PREMATURE_CLOSE|HPE_.*)$/;

/**
 * What a failed request means for the store. Anything not foreseen, a certificate that does not hold first, is a matter
 * of configuration.
 */
export function s3Error(error: unknown, doing: string): ObjectStoreError {
  if (error instanceof ObjectStoreError) return error;
  const { code, message } = detailsOf(error);
  return new ObjectStoreError(classOf(error, code), `${doing} failed: ${code} ${message}`, { cause: error });
}

function classOf(error: unknown, code: string): ObjectStoreErrorCode {
  if (error instanceof S3ResponseError) {
    const known = BY_CODE[error.code] ?? BY_STATUS[error.status];
    return known ?? (error.status >= 500 ? 'object-store.unavailable' : 'object-store.unusable');
  }
  return NETWORK.test(code) ? 'object-store.unavailable' : 'object-store.unusable';
}

/** Not by `instanceof Error`: a test runner gives each test file an Error class of its own. */
function detailsOf(error: unknown): { code: string; message: string } {
  if (typeof error !== 'object' || error === null) return { code: '', message: String(error) };
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    code: 'code' in error ? text(error.code) : '',
    message: 'message' in error ? text(error.message) : '',
  };
}
