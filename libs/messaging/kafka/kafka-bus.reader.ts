import type { ServiceName } from '@almagest/contracts';
import type { Logger } from '@almagest/platform';
import type { Admin, EachBatchPayload, PartitionOffset } from 'kafkajs';
import { reconnectDelay } from '../bus';
import type { MessagingError } from '../messaging.error';
import type { Outcome } from '../nest/dispatch';
import { Rest } from '../rest';
import { ConsumerLag } from './consumer-lag';
import { busError, kafkaClient } from './kafka-client';
import { type KafkaRecord, readRecord } from './kafka-record';
import { ensureTopics } from './kafka-topics';
import type { KafkaSettings } from './kafka.settings';
import { nextRun, type Progress, progressOf, toMetadata } from './progress';
import { Pulse } from './pulse';
import type { RetryQueue } from './retry-queue';

/** Partitions worked on at the same time. */
const CONCURRENCY = 8;
const HEARTBEAT_MS = 3_000;

export interface KafkaBusReaderOptions {
  service: ServiceName;
  settings: KafkaSettings;
  topics: readonly string[];
  logger: Logger;
  queue: RetryQueue;
  /** Longest wait before the reader reconnects, in ms; that of `RECONNECT` when absent. */
  maximumRetryInterval?: number;
  /** Runs a message; must not reject. */
  run: (message: unknown, attempt: number) => Promise<Outcome>;
  /** Called when a message was put into the retry queue for so many ms. */
  onRetry: (ms: number) => void;
}

/**
 * Reads a service's topics as a member of its consumer group, begins anew after every failure, and is stopped once.
 *
 * Of a batch the first offset is committed before its first message is run, with a note how far the batch goes; the
 * offset after the last one when all have taken effect. Whoever finds such a note reads what an instance had begun that
 * did not come to an end: it goes on message by message, and counts in the note each run before it begins. So a
 * message that kills the process is known by its count, at the price of two commits a batch (docs/adr/0025).
 */
export class KafkaBusReader {
  private readonly groupId: string;
  /** As they are called at the brokers. */
  private readonly topics: readonly string[];
  private readonly backOff = new Rest();
  private stopRequested: () => void = () => undefined;
  private readonly stopping = new Promise<void>((resolve) => (this.stopRequested = resolve));
  private isStopped = false;
  private running: Promise<void> = Promise.resolve();
  /** Why it does not read at the moment; undefined while it is a member of the group. */
  private trouble: string | undefined = 'has not joined its group yet';
  private admin: Admin | undefined;
  /** What was begun before this member joined the group, by topic and partition. */
  private begun: Promise<ReadonlyMap<string, Progress>> | undefined;
  /** Times in a row that the database did not take what was not handled. */
  private holds = 0;

  constructor(private readonly options: KafkaBusReaderOptions) {
    const { prefix } = options.settings;
    this.groupId = `${prefix}almagest.${options.service}`;
    this.topics = options.topics.map((topic) => prefix + topic);
  }

  /**
   * Resolves when the brokers have let it in, or when none can be reached: it goes on trying, however long that takes. It
   * does not wait for its group, which takes nobody in before the session of a member that died is over.
   * @throws MessagingError `messaging.bus-refused` when the brokers want nothing of it
   */
  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.running = this.run(resolve, reject);
    });
  }

  /** Finishes the message in hand. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.stopRequested();
    this.backOff.wake();
    await this.running;
  }

  /** @throws Error that says why it does not read */
  check(): void {
    if (this.trouble !== undefined) throw new Error(this.trouble);
  }

  private async run(started: () => void, refused: (error: MessagingError) => void): Promise<void> {
    const { settings, logger } = this.options;
    let isFirst = true;
    for (let failures = 0; !this.isStopped;) {
      try {
        await this.readUntilBroken({
          letIn: () => {
            isFirst = false;
            started();
          },
          joined: () => {
            [failures, this.trouble] = [0, undefined];
          },
        });
      } catch (cause) {
        const error = busError(cause, settings);
        this.trouble = error.message;
        if (isFirst && !error.retryable) {
          refused(error);
          return;
        }
        isFirst = false;
        started();
        failures += 1;
        logger.warn({ error, failures }, 'does not read from Kafka; will try again');
        await this.backOff.upTo(reconnectDelay(failures, this.options.maximumRetryInterval));
      }
    }
    started();
  }

  private async readUntilBroken({ letIn, joined }: { letIn: () => void; joined: () => void }): Promise<void> {
    const { settings, service, logger } = this.options;
    const { sessionTimeout } = settings;
    const kafka = kafkaClient(settings, service, logger);
    const consumer = kafka.consumer({
      groupId: this.groupId,
      sessionTimeout,
      heartbeatInterval: Math.min(HEARTBEAT_MS, sessionTimeout / 3),
      // Idle, it asks this often; what comes in ends the wait at once.
      maxWaitTimeInMs: 500,
    });
    const admin = kafka.admin();
    this.admin = admin;
    const lag = new ConsumerLag(service, admin, this.groupId, this.topics);
    const broken = new Promise<never>((_resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload: { error } }) => reject(error));
    });
    consumer.on(consumer.events.GROUP_JOIN, () => {
      this.begun = undefined;
      joined();
    });
    const read = async (): Promise<void> => {
      await admin.connect();
      await ensureTopics(admin, settings);
      await consumer.connect();
      await consumer.subscribe({ topics: [...this.topics], fromBeginning: true });
      letIn();
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: CONCURRENCY,
        eachBatch: (payload) => this.onBatch(payload),
      });
      lag.start();
      await broken;
    };
    try {
      await Promise.race([this.stopping, read()]);
    } finally {
      broken.catch(() => undefined);
      lag.stop();
      await consumer.disconnect().catch(() => undefined);
      await admin.disconnect().catch(() => undefined);
    }
  }

  private async onBatch(payload: EachBatchPayload): Promise<void> {
    const { topic, partition } = payload.batch;
    const pulse = new Pulse(
      () => payload.heartbeat(),
      Math.min(HEARTBEAT_MS, this.options.settings.sessionTimeout / 3) / 2,
    );
    try {
      const before = await this.progress(topic, partition);
      await this.work(payload, before, pulse);
    } finally {
      pulse.end();
    }
  }

  /** Handles the messages of a batch in order, until the end, a stop, a new order of the group, or a held message. */
  private async work(payload: EachBatchPayload, before: Progress, pulse: Pulse): Promise<void> {
    const { topic, partition, messages } = payload.batch;
    const commit = (offset: bigint, metadata = ''): Promise<void> =>
      payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [noted(partition, offset, metadata)] }] });
    const last = BigInt(messages.at(-1)?.offset ?? -1);
    let reached: bigint | undefined;
    for (const message of messages) {
      if (!payload.isRunning() || pulse.isLost) break;
      const offset = BigInt(message.offset);
      const isDoubtful = offset <= before.begunUpTo;
      const attempt = isDoubtful ? nextRun(before, offset) : 1;
      if (isDoubtful) await commit(offset, toMetadata({ attempts: attempt, begunUpTo: before.begunUpTo }));
      else if (reached === undefined || reached <= before.begunUpTo + 1n) {
        await commit(offset, toMetadata({ attempts: attempt, begunUpTo: last }));
      }
      const { key, value, headers, timestamp } = message;
      const place = { topic, partition, offset: message.offset, timestamp };
      if (!(await this.handle({ place, key, value, headers }, attempt))) {
        this.hold(() => payload.pause());
        return;
      }
      payload.resolveOffset(message.offset);
      reached = offset + 1n;
    }
    if (reached === undefined) return;
    if (reached > before.begunUpTo) await commit(reached);
    else await commit(reached, toMetadata({ attempts: 0, begunUpTo: before.begunUpTo }));
  }

  /** True when the message has taken effect, or waits in the retry queue, or lies among the dead letters. */
  private async handle(record: KafkaRecord, attempt: number): Promise<boolean> {
    const { queue, logger, run, onRetry, settings } = this.options;
    const { place, key } = record;
    const message = readRecord(record, settings.prefix);
    const outcome = await run(message, attempt);
    if (outcome.kind === 'handled') return true;
    try {
      await queue.settle({ message, key: key?.toString() ?? '', place, attempts: attempt }, outcome);
    } catch (error) {
      logger.warn({ error, place }, 'the database does not take what was not handled; its partition waits');
      return false;
    }
    if (outcome.kind === 'retry') onRetry(outcome.afterMs);
    this.holds = 0;
    return true;
  }

  /** Lets the partition wait; it is read again from the message that was not handled. */
  private hold(pause: () => () => void): void {
    this.holds += 1;
    const resume = pause();
    setTimeout(resume, reconnectDelay(this.holds, this.options.maximumRetryInterval)).unref();
  }

  private async progress(topic: string, partition: number): Promise<Progress> {
    this.begun ??= this.readProgress();
    try {
      return (await this.begun).get(`${topic}/${partition}`) ?? progressOf('-1', null);
    } catch (error) {
      this.begun = undefined;
      throw error;
    }
  }

  private async readProgress(): Promise<ReadonlyMap<string, Progress>> {
    const { admin } = this;
    if (admin === undefined) throw new Error('reads no progress before it has joined');
    const topics = await admin.fetchOffsets({ groupId: this.groupId, topics: [...this.topics] });
    return new Map(
      topics.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset, metadata }) => [`${topic}/${partition}`, progressOf(offset, metadata)]),
      ),
    );
  }
}

/** An offset to commit with a note beside it, which kafkajs sends but leaves out of its types. */
function noted(partition: number, offset: bigint, metadata: string): PartitionOffset {
  return { partition, offset: `${offset}`, metadata } as PartitionOffset;
}
