/** What goes wrong in the running of a service itself, apart from its field. */
export class PlatformError extends Error {
  readonly retryable = false;

  constructor(
    readonly code:
      | 'platform.config-invalid'
      | 'platform.tokens-unreadable'
      | 'platform.link-keys-unreadable'
      | 'platform.migrations-pending'
      | 'platform.port-taken'
      | 'platform.already-running',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'PlatformError';
  }
}
