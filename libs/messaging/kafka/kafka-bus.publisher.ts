import type { Logger } from '@almagest/platform';
import { type Kafka, type Message, Partitioners, type Producer, type TopicMessages } from 'kafkajs';
import type { BusPublisher } from '../bus';
import type { BusMessage } from '../message';
import { busError, kafkaClient } from './kafka-client';
import { toRecord } from './kafka-record';
import { ensureTopics } from './kafka-topics';
import type { KafkaSettings } from './kafka.settings';

/** Maximum bytes of one request, unless a single message has more. */
const REQUEST_BYTES = 1024 ** 2;

/**
 * Publishes to Kafka with an idempotent producer; all in-sync replicas acknowledge. After a failure it creates a new
 * producer: it is unknown which records of the failed request the broker has, and the old producer would give the same
 * records other sequence numbers. Readers recognise a duplicate by its id.
 */
export class KafkaBusPublisher implements BusPublisher {
  private readonly kafka: Kafka;
  private producer: Producer | undefined;

  constructor(
    private readonly settings: KafkaSettings,
    name: string,
    logger: Logger,
  ) {
    this.kafka = kafkaClient(settings, `${name}-publisher`, logger);
  }

  async publish(messages: readonly BusMessage[]): Promise<void> {
    try {
      this.producer ??= await this.connect();
      // One request after another, to keep the messages of a key in order.
      for (const topicMessages of requestsOf(messages, this.settings.prefix)) {
        await this.producer.sendBatch({ topicMessages, acks: -1 });
      }
    } catch (cause) {
      await this.close();
      throw busError(cause, this.settings);
    }
  }

  async close(): Promise<void> {
    const { producer } = this;
    this.producer = undefined;
    await producer?.disconnect().catch(() => undefined);
  }

  private async connect(): Promise<Producer> {
    const admin = this.kafka.admin();
    try {
      await admin.connect();
      await ensureTopics(admin, this.settings);
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { retries: 3 },
    });
    await producer.connect();
    return producer;
  }
}

/** Splits the messages into requests, by topic, in order. */
function* requestsOf(messages: readonly BusMessage[], prefix: string): Generator<TopicMessages[]> {
  let byTopic = new Map<string, Message[]>();
  let bytes = 0;
  for (const message of messages) {
    const record = toRecord(message);
    const size = Buffer.byteLength(record.value);
    if (bytes > 0 && bytes + size > REQUEST_BYTES) {
      yield topicMessages(byTopic, prefix);
      byTopic = new Map();
      bytes = 0;
    }
    byTopic.set(message.topic, [...(byTopic.get(message.topic) ?? []), record]);
    bytes += size;
  }
  if (byTopic.size > 0) yield topicMessages(byTopic, prefix);
}

function topicMessages(byTopic: ReadonlyMap<string, Message[]>, prefix: string): TopicMessages[] {
  return [...byTopic].map(([topic, messages]) => ({ topic: prefix + topic, messages }));
}
