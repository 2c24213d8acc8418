import type { ServiceName } from '@almagest/contracts';
import { type BusMessage, type DeadLetter, KafkaBusPublisher, KafkaBusServer } from '@almagest/messaging';
import type { TestBus, TestInstance } from '@almagest/messaging/testing/test-bus';
import { Pool } from 'pg';
import { InterruptibleProxy } from '../../harness/interruptible-proxy';
import { quiet, TestDatabase } from '../../harness/test-database';
import { publishRaw, settingsOf } from './kafka-harness';
import { type RunningKafka, startKafka } from './start-kafka.mjs';

/** Instances that are up at the same time, at most. */
const WAYS = 4;

/** An instance whose ways to the broker and to the database can be broken. */
export interface KafkaTestInstance extends TestInstance {
  readonly kafka: InterruptibleProxy;
  readonly database: InterruptibleProxy;
}

/** A broker and a database of a spec file's own. */
export class KafkaTestBus implements TestBus {
  readonly publisher: KafkaBusPublisher;
  readonly instances: KafkaTestInstance[] = [];
  private readonly ways: (InterruptibleProxy | undefined)[] = [];
  private given = 0;
  private readonly pools: Pool[] = [];

  private constructor(
    readonly kafka: RunningKafka,
    readonly database: TestDatabase,
  ) {
    this.publisher = new KafkaBusPublisher(settingsOf(kafka.brokers), 'test', quiet);
  }

  static async start(options: { secured?: boolean } = {}): Promise<KafkaTestBus> {
    const [kafka, database] = await Promise.all([startKafka({ ...options, proxied: WAYS }), TestDatabase.create()]);
    return new KafkaTestBus(kafka, database);
  }

  readonly instance = async (
    service: ServiceName,
    retryDelay: (attempt: number) => number,
    prefix = '',
  ): Promise<KafkaTestInstance> => {
    const { port, kafka } = await this.nextWay();
    const database = await InterruptibleProxy.to(this.database.url);
    const pool = new Pool({ connectionString: database.url, max: 3 });
    pool.on('error', () => undefined);
    this.pools.push(pool);
    const strategy = new KafkaBusServer({
      service,
      databaseUrl: database.url,
      pool,
      logger: quiet,
      settings: { ...settingsOf(`127.0.0.1:${port}`), prefix },
      retryDelay,
    });
    const cut = async (): Promise<void> => void (await Promise.all([kafka.close(), database.close()]));
    const instance = { strategy, kafka, database, cut };
    this.instances.push(instance);
    return instance;
  };

  readonly publishRaw = (topic: string, key: string, value: unknown): Promise<void> =>
    publishRaw(this.kafka.brokers, topic, key, value);

  readonly deadLetters = async (): Promise<DeadLetter[]> =>
    this.database.rows<DeadLetter>(`SELECT message, service, reason, attempts FROM bus.dead_letter ORDER BY id`);

  async publish(...messages: BusMessage[]): Promise<void> {
    await this.publisher.publish(messages);
  }

  readonly stop = async (): Promise<void> => {
    await this.publisher.close();
    await Promise.all(this.pools.map((pool) => pool.end()));
    for (const { strategy, kafka, database } of this.instances) {
      await Promise.all([kafka.close(), database.close()]);
      // One that was cut off stands for a dead process: nobody waits for it, and it does not go on trying.
      void strategy.close();
    }
    await this.database.drop();
    await this.kafka.stop();
  };

  /** The ways to the broker are given out in turn. */
  private async nextWay(): Promise<{ port: number; kafka: InterruptibleProxy }> {
    const at = this.given++ % WAYS;
    const { broker, client } = this.kafka.proxied[at] as RunningKafka['proxied'][number];
    await this.ways[at]?.close();
    const kafka = await InterruptibleProxy.to(`kafka://127.0.0.1:${broker}`, client);
    this.ways[at] = kafka;
    return { port: client, kafka };
  }
}
