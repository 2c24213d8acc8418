/** A malformed uid or project code. Never retryable: the same text fails again. */
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
