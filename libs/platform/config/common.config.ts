import { z } from 'zod';

/** A list in one environment variable, separated by commas. */
export const listVariable = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );

/** A whole number in an environment variable. */
export function numberVariable(fallback: number, least = 0): z.ZodDefault<z.ZodCoercedNumber> {
  return z.coerce.number().int().min(least).default(fallback);
}

/** The bus: Apache Kafka when `KAFKA_BROKERS` is set, else the database. */
export const busVariables = {
  KAFKA_BROKERS: listVariable.meta({
    description: 'Apache Kafka, `host:port[,host:port]`; without it messages travel through the database',
  }),
  KAFKA_CLIENT_ID: z
    .string()
    .default('almagest')
    .meta({ description: 'How the archive is named in the logs of Kafka' }),
  KAFKA_PREFIX: z
    .string()
    .regex(/^[\w.-]{0,100}$/, { error: 'expected at most 100 letters, digits, dots, hyphens and underscores' })
    .default('')
    .meta({
      description: 'In front of the names of topics and consumer groups: archives that share a Kafka need one each',
    }),
  KAFKA_PARTITIONS: numberVariable(16, 1).meta({
    description: 'Partitions of each topic: as many instances of a service can share its messages',
  }),
  KAFKA_REPLICATION: numberVariable(0).meta({
    description: 'Copies of each topic; 0 leaves it to the default of the cluster',
  }),
  KAFKA_SESSION_SECONDS: numberVariable(30, 6).meta({
    description: 'Without a heartbeat for so long, Kafka gives the work of an instance to another',
  }),
  KAFKA_TLS: z.stringbool().default(false).meta({ description: 'Whether Kafka is spoken to over TLS' }),
  KAFKA_TLS_CA_FILE: z
    .string()
    .optional()
    .meta({ description: 'PEM file of the CA of the brokers, unless a public one' }),
  KAFKA_TLS_CERT_FILE: z.string().optional().meta({ description: 'PEM file of the certificate shown to the brokers' }),
  KAFKA_TLS_KEY_FILE: z.string().optional().meta({ description: 'PEM file of the key of that certificate' }),
  KAFKA_SASL_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
    .optional()
    .meta({ description: 'How the archive logs in at Kafka; without it, it does not' }),
  KAFKA_USER: z.string().optional().meta({ description: 'User at Kafka' }),
  KAFKA_PASSWORD: z.string().optional().meta({ description: 'Password at Kafka', secret: true }),
};
export type BusConfig = Readonly<z.infer<z.ZodObject<typeof busVariables>>>;

/** Where the spans of a process go. */
export const tracingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: 'OpenTelemetry receiver (OTLP/HTTP) of traces; unset: none are made' }),
};

/** What every service is configured with, by environment variables of these names. */
export const commonConfigSchema = z.object({
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .meta({ description: 'The PostgreSQL database of the archive', secret: true }),
  MIGRATE_AT_START: z
    .stringbool()
    .default(true)
    .meta({ description: 'Whether the service brings its tables up to date; when not, it starts only if they are' }),
  HOST: z.string().default('127.0.0.1').meta({ description: 'Address the HTTP server listens on' }),
  PORT: numberVariable(0).meta({ description: 'Port of the HTTP server; 0 takes a free one' }),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1')
    .transform((url) => url.replace(/\/+$/, ''))
    .meta({ description: 'Where users reach the archive; links in mails begin with it' }),
  SERVICE_TOKENS_FILE: z
    .string()
    .min(1)
    .meta({ description: 'File of service tokens: `name scope[,scope] token` a line' }),
  LINK_KEYS_FILE: z
    .string()
    .min(1)
    .meta({ description: 'File of the keys that sign the links of mails: `id key` a line, the first one signs' }),
  AUTH_ISSUER: z
    .url({ protocol: /^https?$/ })
    .refine((url) => /^https:|^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)[:/]/.test(`${url}/`), {
      error: 'expected an https:// URL; http:// is for this machine only',
    })
    .optional()
    .meta({ description: 'OpenID Connect issuer whose access tokens count; unset: none does' }),
  AUTH_AUDIENCE: z.string().min(1).default('almagest').meta({ description: 'The `aud` that access tokens must have' }),
  ...busVariables,
  ...tracingVariables,
  RETRY_MAXIMUM_SECONDS: z.coerce
    .number()
    .min(0.01)
    .default(6 * 3600)
    .meta({
      description: 'Longest wait before a failed job, message or download is retried, in seconds',
    }),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .meta({ description: 'From which level on it logs' }),
  FAILPOINT: z.string().default('').meta({ description: 'Fault injection: the named point kills the process' }),
});
export type CommonConfig = Readonly<z.infer<typeof commonConfigSchema>>;

/** Returns the longest interval of any retry policy, in milliseconds. */
export function maximumRetryInterval({ RETRY_MAXIMUM_SECONDS }: Pick<CommonConfig, 'RETRY_MAXIMUM_SECONDS'>): number {
  return RETRY_MAXIMUM_SECONDS * 1000;
}
