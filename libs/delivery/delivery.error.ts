export type DeliveryErrorCode = 'delivery.part-closed' | 'delivery.part-open' | 'delivery.finished';

/**
 * A call out of order, such as an entry for a closed part. A fault in a delivery is never an error here: it becomes a
 * finding of the report.
 */
export class DeliveryError extends Error {
  readonly retryable = false;

  constructor(
    readonly code: DeliveryErrorCode,
    message: string,
    override readonly cause?: unknown,
  ) {
    super(message);
    this.name = 'DeliveryError';
  }
}
