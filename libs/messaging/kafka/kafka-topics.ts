import { DEAD_LETTER_TOPIC, TOPICS } from '@almagest/contracts';
import { count } from '@almagest/text';
import type { Admin, ITopicMetadata } from 'kafkajs';
import { KEPT_DAYS } from '../inbox';
import { MessagingError } from '../message';
import type { KafkaSettings } from './kafka.settings';

const DAY_MS = 86_400_000;

/** Limit of a batch of messages, in bytes. A dead letter contains a whole message, possibly as base64. */
const MAX_MESSAGE_BYTES = 10 * 1024 ** 2;
const MAX_DEAD_LETTER_BYTES = 3 * MAX_MESSAGE_BYTES;

/**
 * Creates the missing topics and checks the existing ones.
 * @throws MessagingError `messaging.bus-refused` when a topic has fewer partitions or replicas than configured
 */
export async function ensureTopics(admin: Admin, settings: KafkaSettings): Promise<void> {
  const topics = TOPICS.map((topic) => settings.prefix + topic);
  const existing = new Set(await admin.listTopics());
  const missing = topics.filter((topic) => !existing.has(topic));
  if (missing.length > 0) {
    // Does nothing when another service has created them meanwhile.
    await admin.createTopics({ topics: missing.map((topic) => topicOf(topic, settings)), waitForLeaders: true });
  }
  const metadata = await admin.fetchTopicMetadata({ topics });
  const faults = metadata.topics.flatMap((topic) => faultsOf(topic, settings));
  if (faults.length > 0)
    throw new MessagingError('messaging.bus-refused', `unsuitable Kafka topics: ${faults.join('; ')}`);
}

function topicOf(topic: string, { partitions, replication }: KafkaSettings): object & { topic: string } {
  const isDeadLetters = topic.endsWith(DEAD_LETTER_TOPIC);
  const config = {
    // Kafka must delete a message before the inboxes forget it; a segment remains up to a day longer.
    'retention.ms': (KEPT_DAYS - 7) * DAY_MS,
    'segment.ms': DAY_MS,
    'max.message.bytes': isDeadLetters ? MAX_DEAD_LETTER_BYTES : MAX_MESSAGE_BYTES,
    // The broker decompresses batches and applies the limit to the result: no small batch expands in a reader.
    'compression.type': 'uncompressed',
  };
  return {
    topic,
    numPartitions: partitions,
    replicationFactor: replication === 0 ? -1 : replication,
    configEntries: Object.entries(config).map(([name, value]) => ({ name, value: String(value) })),
  } as object & { topic: string };
}

function faultsOf({ name, partitions }: ITopicMetadata, settings: KafkaSettings): string[] {
  const replicas = Math.min(...partitions.map((partition) => partition.replicas.length));
  return [
    ...(partitions.length < settings.partitions
      ? [`${name} has ${count(partitions.length, 'partition')}, KAFKA_PARTITIONS requires ${settings.partitions}`]
      : []),
    ...(replicas < settings.replication
      ? [`${name} has ${count(replicas, 'replica')}, KAFKA_REPLICATION requires ${settings.replication}`]
      : []),
  ];
}
