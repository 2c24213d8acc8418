import { z } from 'zod';

/** A comma-separated list in one environment variable. */
export const listVariable = z.string().default('').transform(itemsOf);

function itemsOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** A whole number in an environment variable. */
export function numberVariable(fallback: number, least = 0): z.ZodDefault<z.ZodCoercedNumber> {
  return z.coerce.number().int().min(least).default(fallback);
}

export const databaseVariables = {
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .meta({ description: 'PostgreSQL database of the archive', secret: true }),
  MIGRATE_AT_START: z.stringbool().default(true).meta({
    description: 'Whether the service migrates its tables; if not, it starts only when they are up to date',
  }),
};

/** What clients may take of an HTTP server. */
export const httpLimitVariables = {
  HTTP_MAX_CONNECTIONS: numberVariable(2000, 1).meta({
    description: 'Connections that the HTTP server accepts at the same time; others are closed at once',
  }),
  HTTP_STALL_SECONDS: numberVariable(120, 1).meta({
    description: 'Seconds without progress, such as a client that does not read, after which a connection is ended',
  }),
};

/** What clients may download at the same time. */
export const downloadVariables = {
  MAX_DOWNLOADS: numberVariable(400, 1).meta({
    description: 'Downloads that the service sends at the same time; others are answered with 503',
  }),
  MAX_DOWNLOADS_PER_CALLER: numberVariable(200, 1).meta({
    description: 'The same for one token or link, or for one address without a token',
  }),
};

export const httpVariables = {
  HOST: z.string().default('127.0.0.1').meta({ description: 'Address on which the HTTP server listens' }),
  PORT: numberVariable(0).meta({ description: 'Port of the HTTP server; 0 takes a free one' }),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1')
    .transform((url) => url.replace(/\/+$/, ''))
    .meta({ description: 'URL at which users reach the archive; links in mails begin with it' }),
  TRUSTED_PROXIES: z.string().default('loopback').transform(itemsOf).meta({
    description: 'Addresses, networks, `loopback` or `uniquelocal`, whose `X-Forwarded-For` names the client',
  }),
  ...httpLimitVariables,
};

/** The bus: Apache Kafka when `KAFKA_BROKERS` is set, else the database. */
export const busVariables = {
  KAFKA_BROKERS: listVariable.meta({
    description: 'Apache Kafka brokers, `host:port[,host:port]`; unset: messages go through the database',
  }),
  KAFKA_CLIENT_ID: z.string().default('almagest').meta({ description: 'Name of the archive in the logs of Kafka' }),
  KAFKA_PREFIX: z
    .string()
    .regex(/^[\w.-]{0,100}$/, { error: 'expected at most 100 letters, digits, dots, hyphens and underscores' })
    .default('')
    .meta({
      description: 'Prefix of topics and consumer groups; archives that share a Kafka need different ones',
    }),
  KAFKA_PARTITIONS: numberVariable(16, 1).meta({
    description: 'Partitions of each topic: the most instances of a service that can share its messages',
  }),
  KAFKA_REPLICATION: numberVariable(0).meta({
    description: 'Replicas of each topic; 0 takes the default of the cluster',
  }),
  KAFKA_SESSION_SECONDS: numberVariable(30, 1).meta({
    description:
      'Seconds without a heartbeat after which Kafka gives the partitions of an instance to another; brokers accept 6 to 1800 by default',
  }),
  KAFKA_TLS: z.stringbool().default(false).meta({ description: 'Whether connections to Kafka use TLS' }),
  KAFKA_TLS_CA_FILE: z
    .string()
    .optional()
    .meta({ description: 'PEM file of the CA of the brokers; unset: public CAs' }),
  KAFKA_TLS_CERT_FILE: z.string().optional().meta({ description: 'PEM file of the client certificate' }),
  KAFKA_TLS_KEY_FILE: z.string().optional().meta({ description: 'PEM file of the key of the client certificate' }),
  KAFKA_SASL_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
    .optional()
    .meta({ description: 'SASL mechanism; unset: no authentication' }),
  KAFKA_USER: z.string().optional().meta({ description: 'Kafka user' }),
  KAFKA_PASSWORD: z.string().optional().meta({ description: 'Kafka password', secret: true }),
};
export type BusConfig = Readonly<z.infer<z.ZodObject<typeof busVariables>>>;

export const tracingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: 'OpenTelemetry receiver of traces (OTLP/HTTP); unset: no traces' }),
};

export const retryVariables = {
  RETRY_MAXIMUM_SECONDS: z.coerce
    .number()
    .min(0.01)
    .default(6 * 3600)
    .meta({ description: 'Longest wait before a failed job, message or download is retried, in seconds' }),
};
export type RetryConfig = Readonly<z.infer<z.ZodObject<typeof retryVariables>>>;

/** Returns the longest interval of any retry policy, in milliseconds. */
export function maximumRetryInterval({ RETRY_MAXIMUM_SECONDS }: RetryConfig): number {
  return RETRY_MAXIMUM_SECONDS * 1000;
}

export const processVariables = {
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .meta({ description: 'Lowest level that is logged' }),
  FAILPOINT: z.string().default('').meta({ description: 'For tests: the named failpoint kills the process' }),
};
