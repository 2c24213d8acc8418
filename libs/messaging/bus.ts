import type { ServiceName } from '@almagest/contracts';
import type { BusMessage } from './message';

/**
 * The publishing half of a bus. Its reading half is a Nest transport strategy. Both adapters (Postgres, Kafka) promise:
 * - a message is durable once `publish` has resolved, and reaches every subscribing service at least once;
 * - messages of one key reach a service in the order they were published, except around one that failed and waits;
 * - several instances of a service share its messages.
 */
export interface BusPublisher {
  /**
   * @throws MessagingError `messaging.bus-unavailable` when it is not certain that all were taken; publishing them
   * again is safe
   */
  publish(messages: readonly BusMessage[]): Promise<void>;
  close(): Promise<void>;
}

/** A message that was given up, as the dead letters keep it. */
export interface DeadLetter {
  message: unknown;
  service: ServiceName;
  reason: string;
  attempts: number;
}

/** After this many runs that end in an error or a crash a message goes to the dead letters. */
export const MOST_ATTEMPTS = 12;

/**
 * How long a message waits after its nth run has failed, in ms: 0.2 s, 0.6 s, 1.8 s and so on. All runs together cover
 * an outage of nearly five hours.
 */
export function retryDelay(attempt: number): number {
  return 200 * 3 ** (attempt - 1);
}
