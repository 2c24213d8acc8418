/** The archive has not what a delivery needs. Nothing is wrong with the delivery: it waits until an operator has acted. */
export class ArchiveTrouble extends Error {
  readonly retryable = true;

  constructor(
    readonly code: 'archive.no-room' | 'archive.buffers-too-small',
    message: string,
  ) {
    super(message);
    this.name = 'ArchiveTrouble';
  }
}
