/** A uid, project code or name that cannot be read. Never retryable: the same text fails again. */
export class OusError extends Error {
  readonly retryable = false;

  constructor(
    readonly code: 'ous.uid-malformed' | 'ous.project-code-malformed',
    message: string,
  ) {
    super(message);
    this.name = 'OusError';
  }
}
