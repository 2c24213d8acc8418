/** A table from outside that cannot be read. Not retryable: the same bytes fail again. */
export class TableError extends Error {
  readonly code = 'votable.bad-table';
  readonly retryable = false;

  constructor(message: string) {
    super(message);
    this.name = 'TableError';
  }
}
