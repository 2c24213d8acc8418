import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BusConfig, busVariables } from '@almagest/platform';
import { z } from 'zod';
import { kafkaSettings } from './kafka.settings';

const schema = z.object(busVariables);
const configOf = (variables: Record<string, string>): BusConfig => schema.parse(variables);

describe('the settings of Kafka', () => {
  const folder = mkdtempSync(join(tmpdir(), 'almagest-kafka-'));
  const file = join(folder, 'secret');
  writeFileSync(file, 'from a file\n');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are none without brokers', () => {
    expect(kafkaSettings(configOf({ KAFKA_TLS: 'true' }))).toBeNull();
  });

  it('hold brokers, and defaults for the rest', () => {
    expect(kafkaSettings(configOf({ KAFKA_BROKERS: 'a:9092, [::1]:9093' }))).toEqual({
      ...{ brokers: ['a:9092', '[::1]:9093'], clientId: 'almagest', prefix: '', partitions: 16, replication: 0 },
      ...{ sessionTimeout: 30_000, tls: null, login: null },
    });
  });

  it.each(['a b', 'a/b', 'ä', 'x'.repeat(101)])('have no prefix that no topic can have: %j', (prefix) => {
    expect(() => configOf({ KAFKA_PREFIX: prefix })).toThrow(/letters, digits/);
  });

  it('read certificates from files, and log in', () => {
    const config = configOf({
      ...{ KAFKA_BROKERS: 'a:9093', KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: file },
      ...{ KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_USER: 'u', KAFKA_PASSWORD: 'p' },
    });
    expect(kafkaSettings(config)).toMatchObject({
      tls: { ca: 'from a file\n' },
      login: { mechanism: 'scram-sha-512', username: 'u', password: 'p' },
    });
  });

  it.each([
    ['KAFKA_BROKERS', { KAFKA_BROKERS: 'kafka' }],
    ['KAFKA_TLS_CA_FILE', { KAFKA_TLS_CA_FILE: '/ca' }],
    ['KAFKA_TLS_CA_FILE', { KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: '/nowhere/ca' }],
    ['KAFKA_TLS_CERT_FILE', { KAFKA_TLS: 'true', KAFKA_TLS_KEY_FILE: '/key' }],
    ['KAFKA_USER', { KAFKA_USER: 'u' }],
    ['KAFKA_USER', { KAFKA_SASL_MECHANISM: 'plain', KAFKA_PASSWORD: 'p' }],
    ['KAFKA_PASSWORD', { KAFKA_SASL_MECHANISM: 'plain', KAFKA_USER: 'u' }],
  ])('name %s when it cannot be used: %p', (variable, variables) => {
    const config = configOf({ KAFKA_BROKERS: 'a:9092', ...variables });
    expect(() => kafkaSettings(config)).toThrow(new RegExp(`^The configuration cannot be used:\n  ${variable}: `));
  });
});
