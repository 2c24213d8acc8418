/** A part that is longer than the size that was posted; the excess is not read. */
export class PartTooLongError extends Error {
  readonly code = 'transfer.size';
  readonly retryable = false;

  constructor(readonly part: { name: string; size: number }) {
    super(`${part.name} is longer than the ${part.size} bytes announced`);
    this.name = 'PartTooLongError';
  }
}

/** The archive lacks something that a delivery needs. The delivery is sound: it waits until an operator acts. */
export class ArchiveLimitError extends Error {
  readonly retryable = true;

  constructor(
    readonly code: 'archive.no-room' | 'archive.buffers-too-small',
    message: string,
  ) {
    super(message);
    this.name = 'ArchiveLimitError';
  }
}
