/** Why a job did not come to its end in this run; it is taken up again. */
export class JobsError extends Error {
  readonly retryable = true;

  constructor(
    readonly code: 'jobs.lease-lost' | 'jobs.shutting-down' | 'jobs.postponed',
    message: string,
    options?: ErrorOptions,
    /** For `jobs.postponed`: seconds after which the job runs again. */
    readonly afterSeconds = 0,
  ) {
    super(message, options);
    this.name = 'JobsError';
  }
}
