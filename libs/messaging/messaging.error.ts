/** What went wrong between services. */
export class MessagingError extends Error {
  readonly retryable: boolean;

  constructor(
    readonly code:
      | 'messaging.message-malformed'
      | 'messaging.bus-unavailable'
      | 'messaging.bus-refused'
      | 'messaging.subscriptions-differ',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'MessagingError';
    this.retryable = code === 'messaging.bus-unavailable';
  }
}
