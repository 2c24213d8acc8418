import type { ServiceName } from '@almagest/contracts';
import { type BusMessage, type DeadLetter, KafkaBusPublisher, KafkaBusServer } from '@almagest/messaging';
import type { TestBus, TestInstance } from '@almagest/messaging/testing/test-bus';
import { Pool } from 'pg';
import { InterruptibleProxy } from '../../harness/interruptible-proxy';
import { quiet, TestDatabase } from '../../harness/test-database';
import { publishRaw, settingsOf } from './kafka-harness';
import { type RunningKafka, startKafka } from './start-kafka.mjs';

/** The highest number of instances that run at the same time. */
const LISTENERS = 4;

/** An instance whose connections to the broker and to the database can be broken. */
export interface KafkaTestInstance extends TestInstance {
  readonly kafka: InterruptibleProxy;
  readonly database: InterruptibleProxy;
}

/** A separate broker and database for one spec file. */
export class KafkaTestBus implements TestBus {
  readonly publisher: KafkaBusPublisher;
  readonly instances: KafkaTestInstance[] = [];
  private readonly proxies: (InterruptibleProxy | undefined)[] = [];
  private used = 0;
  private readonly pools: Pool[] = [];

  private constructor(
    readonly kafka: RunningKafka,
    readonly database: TestDatabase,
  ) {
    this.publisher = new KafkaBusPublisher(settingsOf(kafka.brokers), 'test', quiet);
  }

  static async start(options: { secured?: boolean } = {}): Promise<KafkaTestBus> {
    const [kafka, database] = await Promise.all([
      startKafka({ ...options, proxied: LISTENERS }),
      TestDatabase.create(),
    ]);
    return new KafkaTestBus(kafka, database);
  }

  readonly instance = async (
    service: ServiceName,
    retryDelay: (attempt: number) => number,
    prefix = '',
  ): Promise<KafkaTestInstance> => {
    const { port, kafka } = await this.nextProxy();
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
      // An instance that was cut off represents a dead process: nothing waits for it, and its retries end.
      void strategy.close();
    }
    await this.database.drop();
    await this.kafka.stop();
  };

  /** Returns a new proxy in front of the next listener, in turn. */
  private async nextProxy(): Promise<{ port: number; kafka: InterruptibleProxy }> {
    const at = this.used++ % LISTENERS;
    const { broker, client } = this.kafka.proxied[at] as RunningKafka['proxied'][number];
    await this.proxies[at]?.close();
    const kafka = await InterruptibleProxy.to(`kafka://127.0.0.1:${broker}`, client);
    this.proxies[at] = kafka;
    return { port: client, kafka };
  }
}
