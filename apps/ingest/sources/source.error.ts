/** Why bytes could not be had. The retryable ones are the source's passing troubles; the others stay as they are. */
export type SourceErrorCode =
  'source.not-allowed' | 'source.not-found' | 'source.denied' | 'source.unusable' | 'source.unavailable';

/** A place that does not give what it should. The message names the place, never a credential. */
export class SourceError extends Error {
  readonly retryable: boolean;

  constructor(
    readonly code: SourceErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'SourceError';
    this.retryable = code === 'source.unavailable';
  }
}
