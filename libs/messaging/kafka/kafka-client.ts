import type { Logger } from '@almagest/platform';
import { Kafka, type LogEntry, logLevel, type SASLOptions } from 'kafkajs';
import { MessagingError } from '../message';
import type { KafkaSettings } from './kafka.settings';

/** Creates a client of a Kafka cluster. Each of its consumers, producers and admins has connections of its own. */
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
    // The users of a client restart after a failure, with a back-off of their own.
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 4, restartOnFailure: async () => false },
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => writeLog(logger, entry),
  });
}

/**
 * Writes a log entry of kafkajs. It logs what it retries by itself (a coordinator that is loading, a broker that
 * restarts) as an error, and each join of a group at level info. Real failures are thrown, and logged where they are
 * caught.
 */
function writeLog(logger: Logger, { level, namespace, log: { message, ...detail } }: LogEntry): void {
  const { logger: _logger, timestamp: _timestamp, stack: _stack, ...rest } = detail;
  const line = { kafka: { namespace, ...rest } };
  if (level === logLevel.ERROR) logger.info(line, `kafka: ${message}`);
  else logger.debug(line, `kafka: ${message}`);
}

/** Permanent faults of the cluster's configuration, for which a retry does not help. */
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

/** Translates an error of kafkajs. */
export function busError(cause: unknown, { brokers }: KafkaSettings): MessagingError {
  if (cause instanceof MessagingError) return cause;
  const chain: { name?: string; type?: string; message?: string; code?: string }[] = [];
  for (let at: unknown = cause; at instanceof Error && chain.length < 10; at = at.cause) chain.push(at);
  const refusal = chain.find(({ name = '', type = '' }) => REFUSALS.has(name) || REFUSALS.has(type));
  const reason = (refusal ?? chain.at(-1))?.message ?? String(cause);
  return refusal === undefined
    ? new MessagingError('messaging.bus-unavailable', `Kafka at ${brokers.join(',')}: ${reason}`, { cause })
    : new MessagingError('messaging.bus-refused', `Kafka at ${brokers.join(',')} refused the request: ${reason}`, {
        cause,
      });
}
