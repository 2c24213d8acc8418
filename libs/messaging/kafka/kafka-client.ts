import type { Logger } from '@almagest/platform';
import { Kafka, type LogEntry, logLevel, type SASLOptions } from 'kafkajs';
import { MessagingError } from '../messaging.error';
import type { KafkaSettings } from './kafka.settings';

/** A client of a Kafka cluster; each consumer, producer and admin made of it has connections of its own. */
export function kafkaClient(settings: KafkaSettings, name: string, logger: Logger): Kafka {
  const { brokers, clientId, tls, login } = settings;
  return new Kafka({
    brokers: [...brokers],
    clientId: `${clientId}-${name}`,
    ...(tls === null ? {} : { ssl: { ...tls } }),
    ...(login === null ? {} : { sasl: { ...login } as SASLOptions }),
    connectionTimeout: 5_000,
    authenticationTimeout: 10_000,
    requestTimeout: 30_000,
    // Whoever uses a client begins anew after a failure, with a back-off of its own.
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 4, restartOnFailure: async () => false },
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => tell(logger, entry),
  });
}

/**
 * kafkajs logs as an error what it tries again by itself (a coordinator that loads, a broker that restarts), and each
 * join of a group as news. What does end in a failure is thrown, and logged by whoever catches it.
 */
function tell(logger: Logger, { level, namespace, log: { message, ...detail } }: LogEntry): void {
  const { logger: _logger, timestamp: _timestamp, stack: _stack, ...rest } = detail;
  const line = { kafka: { namespace, ...rest } };
  if (level === logLevel.ERROR) logger.info(line, `kafka: ${message}`);
  else logger.debug(line, `kafka: ${message}`);
}

/** Faults of the cluster's set-up, not of the moment: trying again does not help. */
const REFUSALS = new Set([
  'KafkaJSSASLAuthenticationError',
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'ILLEGAL_SASL_STATE',
  'INVALID_REPLICATION_FACTOR',
  'POLICY_VIOLATION',
]);

/** An error of kafkajs in the terms of the bus. */
export function busError(cause: unknown, { brokers }: KafkaSettings): MessagingError {
  if (cause instanceof MessagingError) return cause;
  const chain: { name?: string; type?: string; message?: string; code?: string }[] = [];
  for (let at: unknown = cause; at instanceof Error && chain.length < 10; at = at.cause) chain.push(at);
  const refusal = chain.find(({ name = '', type = '' }) => REFUSALS.has(name) || REFUSALS.has(type));
  const said = (refusal ?? chain.at(-1))?.message ?? String(cause);
  return refusal === undefined
    ? new MessagingError('messaging.bus-unavailable', `Kafka at ${brokers.join(',')}: ${said}`, { cause })
    : new MessagingError('messaging.bus-refused', `Kafka at ${brokers.join(',')} refuses: ${said}`, { cause });
}
