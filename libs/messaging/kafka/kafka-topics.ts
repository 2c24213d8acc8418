import { DEAD_LETTER_TOPIC, TOPICS } from '@almagest/contracts';
import type { Admin, ITopicMetadata } from 'kafkajs';
import { KEPT_DAYS } from '../inbox/inbox-purge';
import { MessagingError } from '../messaging.error';
import type { KafkaSettings } from './kafka.settings';

const DAY_MS = 86_400_000;

/** Bytes of a batch of messages; a dead letter holds a whole message, perhaps as base64. */
const MAX_MESSAGE_BYTES = 10 * 1024 ** 2;
const MAX_DEAD_LETTER_BYTES = 3 * MAX_MESSAGE_BYTES;

/**
 * Makes the topics that are missing and looks at those that are there.
 * @throws MessagingError `messaging.bus-refused` when a topic has fewer partitions or copies than configured
 */
export async function ensureTopics(admin: Admin, settings: KafkaSettings): Promise<void> {
  const topics = TOPICS.map((topic) => settings.prefix + topic);
  const there = new Set(await admin.listTopics());
  const missing = topics.filter((topic) => !there.has(topic));
  if (missing.length > 0) {
    // Another service may be faster; then this does nothing.
    await admin.createTopics({ topics: missing.map((topic) => topicOf(topic, settings)), waitForLeaders: true });
  }
  const metadata = await admin.fetchTopicMetadata({ topics });
  const faults = metadata.topics.flatMap((topic) => faultsOf(topic, settings));
  if (faults.length > 0) throw new MessagingError('messaging.bus-refused', `topics of Kafka: ${faults.join('; ')}`);
}

function topicOf(topic: string, { partitions, replication }: KafkaSettings): object & { topic: string } {
  const isDeadLetters = topic.endsWith(DEAD_LETTER_TOPIC);
  const config = {
    // A message must be gone before the inboxes forget that it was handled; segments live a day longer at most.
    'retention.ms': (KEPT_DAYS - 7) * DAY_MS,
    'segment.ms': DAY_MS,
    'max.message.bytes': isDeadLetters ? MAX_DEAD_LETTER_BYTES : MAX_MESSAGE_BYTES,
    // The broker unpacks what a publisher has packed and holds it against the limit: no small batch grows here.
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
  const copies = Math.min(...partitions.map(({ replicas }) => replicas.length));
  return [
    ...(partitions.length < settings.partitions
      ? [`${name} has ${partitions.length} partitions, KAFKA_PARTITIONS asks for ${settings.partitions}`]
      : []),
    ...(copies < settings.replication
      ? [`${name} has ${copies} copies, KAFKA_REPLICATION asks for ${settings.replication}`]
      : []),
  ];
}
