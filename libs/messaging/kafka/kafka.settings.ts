import { readFileSync } from 'node:fs';
import { type BusConfig, PlatformError } from '@almagest/platform';

const TLS_FILES = ['KAFKA_TLS_CA_FILE', 'KAFKA_TLS_CERT_FILE', 'KAFKA_TLS_KEY_FILE'] as const;

/** How to connect to Apache Kafka and create topics there. */
export interface KafkaSettings {
  brokers: readonly string[];
  clientId: string;
  /** Prefix of the names of topics and consumer groups. */
  prefix: string;
  /** Partitions of a new topic; an existing topic must have at least as many. */
  partitions: number;
  /** Replicas of a new topic; an existing topic must have at least as many. 0 is the cluster's default. */
  replication: number;
  /** After this long without a heartbeat Kafka assigns the partitions of an instance to another one, in ms. */
  sessionTimeout: number;
  /** PEM texts; null without TLS. */
  tls: { ca?: string; cert?: string; key?: string } | null;
  login: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string } | null;
}

/**
 * Returns the settings from a service's configuration and the files it names; null when it names no brokers.
 * @throws PlatformError `platform.config-invalid`
 */
export function kafkaSettings(config: BusConfig): KafkaSettings | null {
  if (config.KAFKA_BROKERS.length === 0) return null;
  const wrong = config.KAFKA_BROKERS.find((broker) => !/^(?:[\w.-]+|\[[\da-fA-F:.]+\]):\d{1,5}$/.test(broker));
  if (wrong !== undefined) throw invalid('KAFKA_BROKERS', `expected host:port[,host:port], found "${wrong}"`);
  return {
    brokers: config.KAFKA_BROKERS,
    clientId: config.KAFKA_CLIENT_ID,
    prefix: config.KAFKA_PREFIX,
    partitions: config.KAFKA_PARTITIONS,
    replication: config.KAFKA_REPLICATION,
    sessionTimeout: config.KAFKA_SESSION_SECONDS * 1000,
    tls: tlsOf(config),
    login: loginOf(config),
  };
}

function tlsOf(config: BusConfig): KafkaSettings['tls'] {
  if (!config.KAFKA_TLS) {
    const given = TLS_FILES.find((file) => config[file] !== undefined);
    if (given !== undefined) throw invalid(given, 'has no effect without KAFKA_TLS=true');
    return null;
  }
  if ((config.KAFKA_TLS_CERT_FILE === undefined) !== (config.KAFKA_TLS_KEY_FILE === undefined)) {
    throw invalid('KAFKA_TLS_CERT_FILE', 'a certificate needs its key (KAFKA_TLS_KEY_FILE), and a key its certificate');
  }
  const [ca, cert, key] = TLS_FILES.map((file) => contentOf(config, file));
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

function loginOf(config: BusConfig): KafkaSettings['login'] {
  const mechanism = config.KAFKA_SASL_MECHANISM;
  if (mechanism === undefined) {
    if (config.KAFKA_USER !== undefined) throw invalid('KAFKA_USER', 'has no effect without KAFKA_SASL_MECHANISM');
    return null;
  }
  const { KAFKA_USER: username, KAFKA_PASSWORD: password } = config;
  if (username === undefined) throw invalid('KAFKA_USER', `${mechanism} needs a user`);
  if (!password) throw invalid('KAFKA_PASSWORD', `${mechanism} needs a password, here or in KAFKA_PASSWORD_FILE`);
  return { mechanism, username, password };
}

function contentOf(config: BusConfig, variable: (typeof TLS_FILES)[number]): string | undefined {
  const path = config[variable];
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw invalid(variable, `cannot read ${path}`, { cause });
  }
}

function invalid(variable: string, fault: string, options?: ErrorOptions): PlatformError {
  return new PlatformError('platform.config-invalid', `Invalid configuration:\n  ${variable}: ${fault}`, options);
}
