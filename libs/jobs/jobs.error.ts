/** Why this run of a job did not finish; the job runs again. */
export class JobsError extends Error {
  readonly retryable = true;

  constructor(
    readonly code: 'jobs.lease-lost' | 'jobs.shutting-down' | 'jobs.postponed',
    message: string,
    options?: ErrorOptions,
    /** For `jobs.postponed`: milliseconds after which the job runs again. */
    readonly afterMs = 0,
  ) {
    super(message, options);
    this.name = 'JobsError';
  }
}
