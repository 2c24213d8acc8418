export type AccessErrorCode =
  'access.tokens-unreadable' | 'access.link-keys-unreadable' | 'access.token-invalid' | 'access.issuer-unreachable';

/** A failure to read keys or tokens, or to verify a token. The message says why, and quotes nothing of the token. */
export class AccessError extends Error {
  readonly retryable: boolean;

  constructor(
    readonly code: AccessErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'AccessError';
    this.retryable = code === 'access.issuer-unreachable';
  }
}
