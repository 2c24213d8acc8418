/** A failure of the embedded PostgreSQL server. */
export class EmbeddedPostgresError extends Error {
  readonly retryable = false;

  constructor(
    readonly code:
      | 'embedded-postgres.start-failed'
      | 'embedded-postgres.control-failed'
      | 'embedded-postgres.no-port'
      | 'embedded-postgres.password-missing',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'EmbeddedPostgresError';
  }
}
