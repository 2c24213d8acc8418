/** Work that was cut short from outside; another worker takes it up again. */
export class JobsError extends Error {
  readonly retryable = true;

  constructor(
    readonly code: 'jobs.lease-lost' | 'jobs.shutting-down',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'JobsError';
  }
}
