import type { ServiceName } from '@almagest/contracts';
import { delayAfter, type RetryPolicy, withMaximumInterval } from '@almagest/retry';
import type { BusMessage } from './message';

/**
 * Publishes messages to a bus. A Nest transport strategy reads them. Both adapters (Postgres, Kafka) guarantee:
 * - a message is durable once `publish` has resolved, and reaches every subscribing service at least once;
 * - messages of one key reach a service in the order they were published, except around one that waits for a retry;
 * - the instances of a service share its messages.
 */
export interface BusPublisher {
  /**
   * @throws MessagingError `messaging.bus-unavailable` when the bus may not have accepted all of them; publishing them
   *   again is safe
   */
  publish(messages: readonly BusMessage[]): Promise<void>;
  close(): Promise<void>;
}

/** A message that was given up, as it is stored. */
export interface DeadLetter {
  message: unknown;
  service: ServiceName;
  reason: string;
  attempts: number;
}

/** After this many runs that end in an error or a crash, a message becomes a dead letter. */
export const MAX_ATTEMPTS = 12;

/** When a message that was not handled is run again: after 0.2 s, 0.6 s, 1.8 s and so on, nearly five hours in all. */
export const MESSAGE_RETRY: RetryPolicy = {
  initialInterval: 200,
  backoffCoefficient: 3,
  maximumInterval: Infinity,
  maximumAttempts: MAX_ATTEMPTS,
};

/** Returns how long a message waits after its nth run has failed, in ms. */
export function messageRetryDelay(maximumInterval = Infinity): (attempt: number) => number {
  const policy = withMaximumInterval(MESSAGE_RETRY, maximumInterval);
  return (attempt) => delayAfter(policy, attempt) ?? 0;
}

/** When a connection or a turn of work that failed is tried again, without end. */
export const RECONNECT: RetryPolicy = {
  initialInterval: 200,
  backoffCoefficient: 2,
  maximumInterval: 30_000,
  maximumAttempts: Infinity,
};

/** Returns how long to wait before the next try to reconnect, in ms. */
export function reconnectDelay(failures: number, maximumInterval = Infinity): number {
  return delayAfter(withMaximumInterval(RECONNECT, maximumInterval), failures) ?? 0;
}
