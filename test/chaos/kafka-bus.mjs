import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import kafkajs from 'kafkajs';

const require = createRequire(import.meta.url);
const { EVENTS, SERVICES, TOPICS } = require('../../dist/libs/contracts/index.js');

/** The only reader in `deliveries`: all subscribers read the same topics. */
const READER = 'topics';
/** Time limit for reading the topics to their ends, ms. */
const READ_LIMIT_MS = 120_000;

/** Publishes, replays and reads messages on Apache Kafka for the chaos suite, with a separate client. */
export class KafkaChaosBus {
  readers = [READER];

  constructor({ pool, kafka }) {
    this.pool = pool;
    this.kafka = new kafkajs.Kafka({
      clientId: 'chaos',
      brokers: [kafka.brokers],
      logLevel: kafkajs.logLevel.NOTHING,
      retry: { retries: 2 },
    });
  }

  /** Publishes as the observatory's pipeline: CloudEvents 1.0 attributes in headers, the QA2 result as the value. */
  async publish(messages) {
    try {
      this.producer ??= await this.connect();
      await this.producer.sendBatch({ acks: -1, topicMessages: messages.map(recordOf) });
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Publishes earlier events again, chosen at random and thus in another order. Returns how many. */
  async replay(count) {
    const { rows } = await this.pool.query(
      // The latest ones may still be in an outbox: no event may precede its first publication.
      `SELECT message FROM chaos.published AS event
        WHERE seq < (SELECT max(seq) FROM chaos.published) - 500 ORDER BY random() LIMIT $1`,
      [count],
    );
    if (rows.length > 0) await this.publish(rows.map(({ message }) => message));
    return rows.length;
  }

  /** Returns the number of unhandled messages: those after a group's committed offsets and those in a retry queue. */
  async waiting() {
    const admin = this.kafka.admin();
    try {
      await admin.connect();
      const ends = new Map();
      for (const topic of TOPICS) ends.set(topic, await admin.fetchTopicOffsets(topic));
      let lag = 0;
      for (const service of SERVICES) {
        const topics = this.topicsOf(service);
        if (topics.length === 0) continue;
        for (const { topic, partitions } of await admin.fetchOffsets({ groupId: `almagest.${service}`, topics })) {
          for (const { partition, offset } of partitions) {
            const { high } = ends.get(topic).find((end) => end.partition === partition);
            lag += Number(high) - Math.max(0, Number(offset));
          }
        }
      }
      const { rows } = await this.pool.query(`SELECT count(*)::int AS count FROM bus.queued_message`);
      return lag + rows[0].count;
    } finally {
      await admin.disconnect();
    }
  }

  async deadLetters() {
    const { rows } = await this.pool.query(`SELECT service, reason, message ->> 'id' AS id FROM bus.dead_letter`);
    return rows;
  }

  /**
   * Returns each message with the number of its records, in the order of the first records in the partitions.
   * @returns {Promise<{ id: string, reader: string, times: number }[]>}
   */
  async deliveries() {
    const admin = this.kafka.admin();
    await admin.connect();
    const left = new Map();
    for (const topic of TOPICS) {
      for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
        if (high !== '0') left.set(`${topic}/${partition}`, BigInt(high) - 1n);
      }
    }
    await admin.disconnect();
    const times = new Map();
    const consumer = this.kafka.consumer({ groupId: `chaos-${process.pid}` });
    await consumer.connect();
    await consumer.subscribe({ topics: [...TOPICS], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message: { offset, headers } }) => {
        const id = headers?.ce_id?.toString();
        if (id !== undefined) times.set(id, (times.get(id) ?? 0) + 1);
        if (left.get(`${topic}/${partition}`) <= BigInt(offset)) left.delete(`${topic}/${partition}`);
      },
    });
    for (const limit = Date.now() + READ_LIMIT_MS; left.size > 0;) {
      if (Date.now() > limit)
        throw new Error(
          `timed out after ${READ_LIMIT_MS / 1000} s reading the topics to their ends: ${[...left.keys()]}`,
        );
      await pause(100);
    }
    await consumer.disconnect();
    return [...times].map(([id, count]) => ({ id, reader: READER, times: count }));
  }

  /** Every event is on its topic, for all subscribers. */
  readersOf() {
    return this.readers;
  }

  async close() {
    const { producer } = this;
    this.producer = undefined;
    await producer?.disconnect().catch(() => undefined);
  }

  topicsOf(service) {
    return [...new Set(EVENTS.filter(({ subscribers }) => subscribers.includes(service)).map(({ topic }) => topic))];
  }

  async connect() {
    const producer = this.kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    return producer;
  }
}

function recordOf({ id, type, source, subject, time, traceparent, topic, key, data }) {
  const headers = {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: id,
    ce_type: type,
    ce_source: source,
    ce_subject: subject,
    ce_time: time,
    traceparent,
  };
  return { topic, messages: [{ key, value: JSON.stringify(data), headers }] };
}
