import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BusConfig, busVariables } from '@almagest/platform';
import { z } from 'zod';
import { kafkaSettings } from './kafka.settings';

const schema = z.object(busVariables);
const configOf = (variables: Record<string, string>): BusConfig => schema.parse(variables);

describe('kafkaSettings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'almagest-kafka-'));
  const file = join(folder, 'secret');
  writeFileSync(file, 'from a file\n');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('returns null without brokers', () => {
    expect(kafkaSettings(configOf({ KAFKA_TLS: 'true' }))).toBeNull();
  });

  it('returns the brokers, and defaults for the other settings', () => {
    expect(kafkaSettings(configOf({ KAFKA_BROKERS: 'a:9092, [::1]:9093' }))).toEqual({
      brokers: ['a:9092', '[::1]:9093'],
      clientId: 'almagest',
      prefix: '',
      partitions: 16,
      replication: 0,
      sessionTimeout: 30_000,
      tls: null,
      login: null,
    });
  });

  it.each(['a b', 'a/b', 'ä', 'x'.repeat(101)])('refuses a prefix that a topic cannot have: %j', (prefix) => {
    expect(() => configOf({ KAFKA_PREFIX: prefix })).toThrow(/letters, digits/);
  });

  it('reads certificates from files, and a login', () => {
    const config = configOf({
      KAFKA_BROKERS: 'a:9093',
      KAFKA_TLS: 'true',
      KAFKA_TLS_CA_FILE: file,
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_USER: 'u',
      KAFKA_PASSWORD: 'p',
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
  ])('names %s in the error for %p', (variable, variables) => {
    const config = configOf({ KAFKA_BROKERS: 'a:9092', ...variables });
    expect(() => kafkaSettings(config)).toThrow(new RegExp(`^Invalid configuration:\n  ${variable}: `));
  });
});
