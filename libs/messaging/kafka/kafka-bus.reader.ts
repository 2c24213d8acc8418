import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceName } from '@almagest/contracts';
import type { Logger } from '@almagest/platform';
import type { Admin, EachBatchPayload, PartitionOffset } from 'kafkajs';
import { reconnectDelay } from '../bus';
import type { MessagingError } from '../message';
import type { Outcome } from '../dispatch';
import { ConsumerLag, GroupHeartbeat, nextRun, type Progress, progressOf, toMetadata } from './consumer-group';
import { busError, kafkaClient } from './kafka-client';
import { type KafkaRecord, readRecord } from './kafka-record';
import { ensureTopics } from './kafka-topics';
import type { KafkaSettings } from './kafka.settings';
import type { RetryQueue } from './retry-queue';

/** Partitions that are processed at the same time. */
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
  /** Called when a message was added to the retry queue, to be run again in so many ms. */
  onRetry: (ms: number) => void;
}

/**
 * Reads a service's topics as a member of its consumer group, until it is stopped. It reconnects after every failure.
 *
 * Before the first message of a batch is run, the batch's first offset is committed with metadata that says how far the
 * batch goes; when all messages have been handled, the offset after the last one is committed. A reader that finds such
 * metadata continues the batch of an instance that did not finish it: message by message, and it counts each run in the
 * metadata before the run begins. So a message that kills the process is recognised by its count, at the price of two
 * commits a batch (docs/adr/0025).
 */
export class KafkaBusReader {
  private readonly groupId: string;
  /** Their names at the brokers. */
  private readonly topics: readonly string[];
  private readonly stopped = new AbortController();
  private readonly stopping = new Promise<void>((resolve) => {
    this.stopped.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  private running: Promise<void> = Promise.resolve();
  /** Why it does not read now; undefined while it is a member of the group. */
  private failure: string | undefined = 'has not joined its group yet';
  private admin: Admin | undefined;
  /** The progress before this member joined the group, by topic and partition. */
  private begun: Promise<ReadonlyMap<string, Progress>> | undefined;
  /** Consecutive failures to store a message that was not handled. */
  private storeFailures = 0;

  constructor(private readonly options: KafkaBusReaderOptions) {
    const { prefix } = options.settings;
    this.groupId = `${prefix}almagest.${options.service}`;
    this.topics = options.topics.map((topic) => prefix + topic);
  }

  /**
   * Resolves when it is connected and subscribed, or when no broker can be reached: then it retries without limit. Does
   * not wait until it has joined its group, which can take as long as the session of a member that died.
   * @throws MessagingError `messaging.bus-refused` when the brokers refuse it
   */
  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.running = this.run(resolve, reject);
    });
  }

  /** Finishes the current messages. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  /** @throws Error with the reason why it does not read */
  check(): void {
    if (this.failure !== undefined) throw new Error(this.failure);
  }

  private async run(started: () => void, refused: (error: MessagingError) => void): Promise<void> {
    const { settings, logger } = this.options;
    let isFirst = true;
    for (let failures = 0; !this.stopped.signal.aborted;) {
      try {
        await this.readUntilFailure({
          onSubscribed: () => {
            isFirst = false;
            started();
          },
          onJoined: () => {
            failures = 0;
            this.failure = undefined;
          },
        });
      } catch (cause) {
        const error = busError(cause, settings);
        this.failure = error.message;
        if (isFirst && !error.retryable) {
          refused(error);
          return;
        }
        isFirst = false;
        started();
        failures += 1;
        logger.warn({ error, failures }, 'reading from Kafka failed; retrying');
        const pause = reconnectDelay(failures, this.options.maximumRetryInterval);
        await delay(pause, undefined, { signal: this.stopped.signal }).catch(() => undefined);
      }
    }
    started();
  }

  private async readUntilFailure(on: { onSubscribed: () => void; onJoined: () => void }): Promise<void> {
    const { settings, service, logger } = this.options;
    const { sessionTimeout } = settings;
    const kafka = kafkaClient(settings, service, logger);
    const consumer = kafka.consumer({
      groupId: this.groupId,
      sessionTimeout,
      heartbeatInterval: Math.min(HEARTBEAT_MS, sessionTimeout / 3),
      // How long an idle fetch waits; a new message ends the wait.
      maxWaitTimeInMs: 500,
    });
    const admin = kafka.admin();
    this.admin = admin;
    const lag = new ConsumerLag(service, admin, this.groupId, this.topics);
    const failed = new Promise<never>((_resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload: { error } }) => reject(error));
    });
    consumer.on(consumer.events.GROUP_JOIN, () => {
      this.begun = undefined;
      on.onJoined();
    });
    const read = async (): Promise<void> => {
      await admin.connect();
      await ensureTopics(admin, settings);
      await consumer.connect();
      await consumer.subscribe({ topics: [...this.topics], fromBeginning: true });
      on.onSubscribed();
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: CONCURRENCY,
        eachBatch: (payload) => this.onBatch(payload),
      });
      lag.start();
      await failed;
    };
    try {
      await Promise.race([this.stopping, read()]);
    } finally {
      failed.catch(() => undefined);
      lag.stop();
      await consumer.disconnect().catch(() => undefined);
      await admin.disconnect().catch(() => undefined);
    }
  }

  private async onBatch(payload: EachBatchPayload): Promise<void> {
    const { topic, partition } = payload.batch;
    const heartbeat = new GroupHeartbeat(
      () => payload.heartbeat(),
      Math.min(HEARTBEAT_MS, this.options.settings.sessionTimeout / 3) / 2,
    );
    try {
      const before = await this.progress(topic, partition);
      await this.handleBatch(payload, before, heartbeat);
    } finally {
      heartbeat.end();
    }
  }

  /** Handles the messages of a batch in order, until its end, a stop, a rebalance, or a message that cannot be stored. */
  private async handleBatch(payload: EachBatchPayload, before: Progress, heartbeat: GroupHeartbeat): Promise<void> {
    const { topic, partition, messages } = payload.batch;
    const commit = (offset: bigint, metadata = ''): Promise<void> =>
      payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [offsetWith(partition, offset, metadata)] }] });
    const last = BigInt(messages.at(-1)?.offset ?? -1);
    let reached: bigint | undefined;
    for (const message of messages) {
      if (!payload.isRunning() || heartbeat.mustRejoin) break;
      const offset = BigInt(message.offset);
      const mayHaveBegun = offset <= before.begunUpTo;
      const attempt = mayHaveBegun ? nextRun(before, offset) : 1;
      if (mayHaveBegun) await commit(offset, toMetadata({ attempts: attempt, begunUpTo: before.begunUpTo }));
      else if (reached === undefined || reached <= before.begunUpTo + 1n) {
        await commit(offset, toMetadata({ attempts: attempt, begunUpTo: last }));
      }
      const { key, value, headers, timestamp } = message;
      const place = { topic, partition, offset: message.offset, timestamp };
      if (!(await this.handle({ place, key, value, headers }, attempt))) {
        this.pausePartition(() => payload.pause());
        return;
      }
      payload.resolveOffset(message.offset);
      reached = offset + 1n;
    }
    if (reached === undefined) return;
    if (reached > before.begunUpTo) await commit(reached);
    else await commit(reached, toMetadata({ attempts: 0, begunUpTo: before.begunUpTo }));
  }

  /** Runs a message. False when it was neither handled, nor stored for a retry, nor stored as a dead letter. */
  private async handle(record: KafkaRecord, attempt: number): Promise<boolean> {
    const { queue, logger, run, onRetry, settings } = this.options;
    const { place, key } = record;
    const message = readRecord(record, settings.prefix);
    const outcome = await run(message, attempt);
    if (outcome.kind === 'handled') return true;
    try {
      await queue.settle({ message, key: key?.toString() ?? '', place, attempts: attempt }, outcome);
    } catch (error) {
      logger.warn({ error, place }, 'cannot store a message for a retry; pausing its partition');
      return false;
    }
    if (outcome.kind === 'retry') onRetry(outcome.afterMs);
    this.storeFailures = 0;
    return true;
  }

  /** Pauses a partition. It is read again from the message that was not stored. */
  private pausePartition(pause: () => () => void): void {
    this.storeFailures += 1;
    const resume = pause();
    setTimeout(resume, reconnectDelay(this.storeFailures, this.options.maximumRetryInterval)).unref();
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
    if (admin === undefined) throw new Error('cannot read the progress before it has joined its group');
    const topics = await admin.fetchOffsets({ groupId: this.groupId, topics: [...this.topics] });
    return new Map(
      topics.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset, metadata }) => [`${topic}/${partition}`, progressOf(offset, metadata)]),
      ),
    );
  }
}

/** Returns an offset to commit with metadata, which kafkajs sends but does not declare in its types. */
function offsetWith(partition: number, offset: bigint, metadata: string): PartitionOffset {
  return { partition, offset: `${offset}`, metadata } as PartitionOffset;
}
