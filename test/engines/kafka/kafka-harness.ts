import type { BusMessage, KafkaSettings } from '@almagest/messaging';
import { busMessageSchema } from '@almagest/messaging';
import { Kafka, logLevel, Partitioners } from 'kafkajs';

/** A dead instance is detected after it. */
export const SESSION_TIMEOUT_MS = 3_000;

/** Returns the adapter's settings for a broker of the tests. */
export function settingsOf(brokers: string): KafkaSettings {
  return {
    brokers: [brokers],
    clientId: 'test',
    prefix: '',
    partitions: 16,
    replication: 1,
    tls: null,
    login: null,
    sessionTimeout: SESSION_TIMEOUT_MS,
  };
}

/** Returns a client that is independent of the archive. */
export function foreignClient(brokers: string): Kafka {
  return new Kafka({ brokers: [brokers], clientId: 'foreign', logLevel: logLevel.NOTHING });
}

/** A record of another publisher. */
export interface ForeignRecord {
  key?: string | null;
  value: string | Buffer | null;
  headers?: Record<string, string>;
}

/** Publishes records on a topic with a separate client. */
export async function produce(brokers: string, topic: string, records: readonly ForeignRecord[]): Promise<void> {
  const producer = foreignClient(brokers).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    // Otherwise a record whose answer comes too late is published twice.
    idempotent: true,
  });
  await producer.connect();
  await producer.send({ topic, messages: records.map((record) => ({ ...record })) });
  await producer.disconnect();
}

/** Publishes anything on a topic: a message in binary mode, any other value as it is. */
export async function publishRaw(brokers: string, topic: string, key: string, value: unknown): Promise<void> {
  const message = busMessageSchema.safeParse(value);
  await produce(brokers, topic, [
    message.success
      ? { key, value: JSON.stringify(message.data.data), headers: headersOf(message.data) }
      : { key, value: JSON.stringify(value) },
  ]);
}

/** Returns the headers of CloudEvents 1.0 in binary mode, written independently of the adapter. */
export function headersOf({ id, type, source, subject, time, traceparent }: BusMessage): Record<string, string> {
  return {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: id,
    ce_type: type,
    ce_source: source,
    ce_subject: subject,
    ce_time: time,
    traceparent,
  };
}
