import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DEAD_LETTER_TOPIC,
  type DataOf,
  deliveryCatalogued,
  qa2ResultAccepted,
  qa2ResultPosted,
  type Qa2Result,
  TOPICS,
} from '@almagest/contracts';
import {
  type BusMessage,
  type DeadLetter,
  Inbox,
  KafkaBusPublisher,
  KafkaBusServer,
  type KafkaSettings,
  MAX_ATTEMPTS,
  Outbox,
  OutboxRelay,
} from '@almagest/messaging';
import {
  type Handle,
  newGroup,
  newMessage,
  type RunningInstance,
  startInstance,
} from '@almagest/messaging/testing/test-bus';
import { Gate, until } from '@almagest/messaging/testing/waiting';
import { metricsRegistry } from '@almagest/platform';
import type { Uid } from '@almagest/ous';
import { resolveLocations } from '../../apps/cli/submission/locations';
import { quiet } from '../harness/test-database';
import { foreignClient, produce, settingsOf, SESSION_TIMEOUT_MS } from './kafka/kafka-harness';
import { KafkaTestBus } from './kafka/kafka-test-bus';
import { USER } from './kafka/start-kafka.mjs';

jest.setTimeout(240_000);

type Data = DataOf<typeof deliveryCatalogued>;

let bus: KafkaTestBus;
let running: RunningInstance[] = [];

beforeAll(async () => {
  bus = await KafkaTestBus.start({ secured: true });
});
afterEach(async () => {
  await Promise.all(running.map((instance) => instance.stop()));
  running = [];
});
afterAll(() => bus.stop());

async function start(
  service: 'notifier' | 'intake',
  handle: Handle,
  retryDelay: (attempt: number) => number = () => 5,
): Promise<RunningInstance> {
  const instance = await startInstance(bus, service, handle, retryDelay);
  running.push(instance);
  return instance;
}

/** Returns each id once, in order of first occurrence: what a service with an inbox handles. */
function distinct(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}

describe('a stream of events over Kafka', () => {
  const groups = Array.from({ length: 5 }, newGroup);

  /** Starts a service that publishes through its outbox. `sent` is what it has published, in order. */
  async function publishing(): Promise<{
    emit: (count: number) => Promise<void>;
    sent: Data[];
    stop: () => Promise<void>;
  }> {
    const catalogue = await bus.database.open('catalogue');
    const outbox = new Outbox('catalogue');
    const sent: Data[] = [];
    const publisher = new KafkaBusPublisher(settingsOf(bus.kafka.brokers), 'catalogue', quiet);
    const relay = new OutboxRelay({
      service: 'catalogue',
      databaseUrl: bus.database.url,
      bus: publisher,
      logger: quiet,
    });
    relay.start();
    const emit = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        const key = groups[sent.length % groups.length] as Uid;
        const data = newMessage(key).data as Data;
        await catalogue.transaction((manager) =>
          outbox.add(manager, deliveryCatalogued, { key, subject: data.ous }, data),
        );
        sent.push(data);
      }
    };
    const stop = async (): Promise<void> => {
      await relay.stop();
      await publisher.close();
    };
    return { emit, sent, stop };
  }

  /** A handler with one effect per event, as in a service. */
  function effects(): { handle: Handle; got: Data[] } {
    const got: Data[] = [];
    const seen = new Set<string>();
    const handle: Handle = async (message, data) => {
      await new Promise((resolve) => setImmediate(resolve));
      if (!seen.has(message.id)) got.push(data as Data);
      seen.add(message.id);
    };
    return { handle, got };
  }

  function expectInOrder(got: readonly Data[], sent: readonly Data[]): void {
    const of = (events: readonly Data[], group: Uid): string[] =>
      events.filter((event) => event.group === group).map((event) => event.deliveryId);
    for (const group of groups) expect(of(got, group)).toEqual(of(sent, group));
  }

  it('continues by itself, complete and in order, after the broker was killed and started again', async () => {
    const { emit, sent, stop } = await publishing();
    const { handle, got } = effects();
    await start('notifier', handle);
    await emit(50);
    await until('some messages are handled', () => got.length > 10);
    await bus.kafka.kill();
    await emit(100);
    await until('the relay has failed', async () => (await failuresInARow()) > 2);
    expect(await inTheOutbox()).toBeGreaterThanOrEqual(100);
    await bus.kafka.start();
    await emit(50);
    await until('all messages are handled', () => got.length === sent.length);
    expectInOrder(got, sent);
    expect(await inTheOutbox()).toBe(0);
    await stop();
  });

  it('continues after the broker was frozen', async () => {
    const { emit, sent, stop } = await publishing();
    const { handle, got } = effects();
    await start('notifier', handle);
    await emit(20);
    bus.kafka.freeze();
    await emit(40);
    expect(got.length).toBeLessThan(60);
    bus.kafka.thaw();
    await until('all messages are handled', () => got.length === sent.length);
    expectInOrder(got, sent);
    await stop();
  });

  it('stays in order, and handles no event twice, while instances join and leave', async () => {
    const { emit, sent, stop } = await publishing();
    const handled: Data[] = [];
    const handle: Handle = async (_message, data) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      handled.push(data as Data);
    };
    await start('notifier', handle);
    const emitting = (async (): Promise<void> => {
      for (let i = 0; i < 40; i++) await emit(10);
    })();
    const second = await start('notifier', handle);
    await until('more than 100 messages are handled', () => handled.length > 100);
    await second.stop();
    await start('notifier', handle);
    await emitting;
    await until(
      'all messages are handled',
      () => new Set(handled.map(({ deliveryId }) => deliveryId)).size === sent.length,
    );
    expect(handled).toHaveLength(sent.length);
    expectInOrder(handled, sent);
    await stop();
  });

  async function inTheOutbox(): Promise<number> {
    const [row] = await bus.database.rows<{ count: number }>(`SELECT count(*)::int AS count FROM catalogue.outbox`);
    return row?.count ?? -1;
  }

  async function failuresInARow(): Promise<number> {
    const metric = await metricsRegistry.getSingleMetric('almagest_outbox_failures_in_a_row')?.get();
    return metric?.values.find(({ labels }) => labels['service'] === 'catalogue')?.value ?? 0;
  }
});

describe('a service on Kafka', () => {
  it('applies every event once, however often it is published', async () => {
    const notifier = await bus.database.open('notifier');
    const inbox = new Inbox(notifier);
    const effects: string[] = [];
    let runs = 0;
    await start('notifier', async ({ id }) => {
      await inbox.once(id, async () => void effects.push(id));
      runs += 1;
    });
    const [first, second] = [newMessage(newGroup()), newMessage(newGroup())];
    for (let i = 0; i < 3; i++) await bus.publish(first, second, first);
    await until('all messages are handled', () => runs === 9);
    expect(distinct(effects)).toEqual(effects);
    expect([...effects].sort()).toEqual([first.id, second.id].sort());
  });

  it('keeps its partitions while a message takes longer than the session time-out', async () => {
    const [slow, next] = [newMessage(newGroup()), newMessage(newGroup())];
    const got: string[] = [];
    const handle: Handle = async ({ id }) => {
      if (id === slow.id) await new Promise((resolve) => setTimeout(resolve, SESSION_TIMEOUT_MS * 1.5));
      got.push(id);
    };
    await Promise.all([start('notifier', handle), start('notifier', handle)]);
    await bus.publish(slow);
    await until('the slow message is handled', () => got.includes(slow.id));
    await bus.publish(next);
    await until('the next message is handled', () => got.includes(next.id));
    expect(got).toEqual([slow.id, next.id]);
  });

  it('counts the attempts that ended with their process', async () => {
    const poison = newMessage(newGroup());
    for (let deaths = 0; deaths < 2; deaths++) {
      const [taken, never] = [new Gate(), new Gate()];
      const instance = await start('notifier', async ({ id }) => {
        if (id !== poison.id) return;
        taken.open();
        await never.opened;
      });
      if (deaths === 0) await bus.publish(poison);
      await taken.opened;
      await instance.cut();
      running.pop();
    }
    const attempts: number[] = [];
    await start(
      'notifier',
      async ({ id }) => {
        if (id === poison.id && attempts.length === 0) throw new Error('not yet');
      },
      (attempt) => {
        attempts.push(attempt);
        return 5;
      },
    );
    await until('the message has failed', () => attempts.length > 0);
    expect(attempts).toEqual([3]);
  });

  it('dead-letters a message that ended too many processes, and continues', async () => {
    const group = newGroup();
    const [poison, next] = [newMessage(group), newMessage(group)];
    const first = await start('notifier', async () => undefined);
    await first.stop();
    running.pop();
    const before = await endOf(deliveryCatalogued.topic, group);
    await bus.publish(poison, next);
    await commitAs('almagest.notifier', {
      topic: deliveryCatalogued.topic,
      partition: before.partition,
      offset: before.offset,
      metadata: `attempts=${MAX_ATTEMPTS} begun=${BigInt(before.offset) + 1n}`,
    });
    const got: string[] = [];
    await start('notifier', async ({ id }) => void got.push(id));
    await until('the next message is handled', () => got.includes(next.id));
    expect(got).not.toContain(poison.id);
    const letters = (await bus.deadLetters()).filter(({ message }) => (message as BusMessage).id === poison.id);
    expect(letters).toMatchObject([{ service: 'notifier', reason: expect.stringContaining('attempts finished') }]);
  });

  it('pauses a partition while the database is unavailable, and loses nothing', async () => {
    const message = newMessage(newGroup());
    const tried = new Gate();
    const done: string[] = [];
    const notifier = await bus.database.open('notifier');
    let isAway = true;
    await start('notifier', async ({ id }) => {
      if (id !== message.id) return;
      if (isAway) {
        tried.open();
        throw new Error('the database is unavailable');
      }
      await notifier.query('SELECT 1');
      done.push(id);
    });
    const proxy = bus.instances.at(-1)?.database;
    proxy?.interrupt();
    await bus.publish(message);
    await tried.opened;
    isAway = false;
    proxy?.resume();
    await until('the message is handled', () => done.length > 0);
    expect(done).toEqual([message.id]);
  });

  it('publishes a dead letter on its topic, with reason, origin and message', async () => {
    const message = newMessage(newGroup());
    const publisher = new KafkaBusPublisher(settingsOf(bus.kafka.brokers), 'notifier', quiet);
    const relay = new OutboxRelay({
      service: 'notifier',
      databaseUrl: bus.database.url,
      bus: publisher,
      logger: quiet,
    });
    relay.start();
    await start('notifier', async ({ id }) => {
      if (id === message.id) throw Object.assign(new Error('never'), { code: 'test.never', retryable: false });
    });
    await bus.publish(message);
    const record = await recordOf(DEAD_LETTER_TOPIC, ({ headers }) => headers['almagest_origin_id'] === message.id);
    expect(record.headers).toMatchObject({
      almagest_service: 'notifier',
      almagest_reason: 'test.never: never',
      almagest_attempts: '1',
      almagest_origin_topic: message.topic,
      almagest_origin_partition: expect.stringMatching(/^\d+$/),
      almagest_origin_offset: expect.stringMatching(/^\d+$/),
      ce_type: 'org.almaobservatory.almagest.MessageGivenUp',
    });
    expect(JSON.parse(record.value)).toMatchObject({ service: 'notifier', message });
    await relay.stop();
    await publisher.close();
  });

  it('reports its lag as a metric', async () => {
    await start('notifier', async () => undefined);
    await until('the lag is measured', async () => {
      const metric = await metricsRegistry.getSingleMetric('almagest_bus_lag_messages')?.get();
      return metric?.values.some(({ labels }) => labels['service'] === 'notifier') === true;
    });
  });
});

describe('results that the observatory publishes on Kafka itself', () => {
  let example: Qa2Result;
  const topic = qa2ResultPosted.topic;

  beforeAll(async () => {
    const examples = join(__dirname, '../../examples');
    const text = await readFile(join(examples, '1-member-12m.json'), 'utf8');
    example = resolveLocations(JSON.parse(text), examples).document as Qa2Result;
  });

  it('are accepted without headers, in binary mode and in structured mode', async () => {
    const got = new Map<string, unknown>();
    await start('intake', async (message, data) => {
      if (message.topic === topic) got.set(message.id, data);
    });
    const envelope = { specversion: '1.0', id: 'their-2', source: '/pipeline', type: qa2ResultPosted.type };
    await produce(bus.kafka.brokers, topic, [
      { key: example.group.uid, value: JSON.stringify(example) },
      { key: null, value: JSON.stringify(example), headers: { ce_id: 'their-1', ce_source: '/pipeline' } },
      {
        value: JSON.stringify({ ...envelope, data: example }),
        headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8' },
      },
    ]);
    await until('all messages are handled', () => got.size === 3);
    expect([...got.keys()].sort()).toEqual([
      expect.stringMatching(/^almagest\.qa2-results\.v1\/\d+\/\d+\/\d+$/),
      'their-1',
      'their-2',
    ]);
    for (const data of got.values()) expect(data).toMatchObject({ project: example.project, level: 'member' });
  });

  it('are dead-lettered with all their faults, and other records on the topic do no harm', async () => {
    const got: unknown[] = [];
    await start('intake', async (message, data) => {
      if (message.topic === topic) got.push(data);
    });
    const letters = async (): Promise<DeadLetter[]> =>
      (await bus.deadLetters()).filter(({ message }) => (message as BusMessage).topic === topic);
    const hostile = [
      Buffer.from([0xff, 0x00, 0x7b]),
      '',
      null,
      `"\\u0000 \\ud800"`,
      '['.repeat(200_000) + ']'.repeat(200_000),
      JSON.stringify({ ...example, level: 'neither', parts: 'none' }),
    ];
    await produce(
      bus.kafka.brokers,
      topic,
      hostile.map((value) => ({ key: '\0\0', value })),
    );
    await produce(bus.kafka.brokers, topic, [{ key: '\0\0', value: JSON.stringify(example) }]);
    await until('all are dead-lettered', async () => (await letters()).length === hostile.length);
    await until('the valid result is handled', () => got.length > 0);
    const reasons = (await letters()).map(({ reason }) => reason);
    expect(reasons.every((reason) => reason.startsWith('messaging.message-malformed'))).toBe(true);
    expect(reasons.filter((reason) => reason.includes('/level') && reason.includes('/parts'))).toHaveLength(1);
  });
});

describe('the connection to Kafka', () => {
  const secured = (
    mechanism: NonNullable<KafkaSettings['login']>['mechanism'],
    password = USER.password,
  ): Promise<KafkaSettings> =>
    readFile(bus.kafka.secured?.ca ?? '', 'utf8').then((ca) => ({
      ...settingsOf(bus.kafka.secured?.brokers ?? ''),
      tls: { ca },
      login: { mechanism, username: USER.username, password },
    }));

  async function publishWith(settings: KafkaSettings): Promise<void> {
    const publisher = new KafkaBusPublisher(settings, 'test', quiet);
    await publisher.publish([newMessage(newGroup())]).finally(() => publisher.close());
  }

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('works over TLS with %s', async (mechanism) => {
    await publishWith(await secured(mechanism));
  });

  it.each(['plain', 'scram-sha-512'] as const)('is refused with a wrong password (%s)', async (mechanism) => {
    const refused = { code: 'messaging.bus-refused', retryable: false, message: expect.stringContaining('refused') };
    await expect(publishWith(await secured(mechanism, 'wrong'))).rejects.toMatchObject(refused);
  });

  it('is not trusted without the CA of the broker', async () => {
    const settings = { ...(await secured('plain')), tls: {} };
    await expect(publishWith(settings)).rejects.toMatchObject({ code: 'messaging.bus-unavailable' });
  });

  it('keeps archives apart by their prefixes', async () => {
    const prefix = 'second.';
    const second = {
      ...bus,
      instance: (...[service, delay]: Parameters<typeof bus.instance>) => bus.instance(service, delay, prefix),
    };
    const ours = new Set<string>();
    const theirs = new Set<string>();
    const recordIn =
      (ids: Set<string>): Handle =>
      async ({ id }) =>
        void ids.add(id);
    running.push(await startInstance(second, 'notifier', recordIn(theirs), () => 5));
    await start('notifier', recordIn(ours));
    const messages = Array.from({ length: 20 }, () => newMessage(newGroup()));
    const publisher = new KafkaBusPublisher({ ...settingsOf(bus.kafka.brokers), prefix }, 'second', quiet);
    const publish = (): Promise<boolean> =>
      publisher.publish(messages.slice(0, 10)).then(
        () => true,
        () => false,
      );
    // New topics have no leaders for a moment.
    await until('its topics accept messages', publish);
    await publisher.close();
    await bus.publish(...messages.slice(10));
    const ids = messages.map(({ id }) => id);
    const among = (got: Set<string>): string[] => ids.filter((id) => got.has(id));
    await until('both have handled theirs', () => among(ours).length >= 10 && among(theirs).length >= 10);
    expect([among(theirs), among(ours)]).toEqual([ids.slice(0, 10), ids.slice(10)]);
  });

  it('names the topics that have fewer partitions or replicas than configured', async () => {
    const settings = { ...settingsOf(bus.kafka.brokers), partitions: 17, replication: 2 };
    const message = expect.stringMatching(/almagest\.deliveries\.v1 has 16 partitions.*17.*has 1 replica,.*2/);
    await expect(publishWith(settings)).rejects.toMatchObject({ code: 'messaging.bus-refused', message });
  });

  it('prevents the start of a service that the broker refuses, but not of one that finds no broker', async () => {
    const { pool, url } = bus.database;
    const server = (settings: KafkaSettings): KafkaBusServer => {
      const options = { service: 'request-handler', settings, databaseUrl: url, pool, logger: quiet } as const;
      const strategy = new KafkaBusServer(options);
      strategy.addHandler(qa2ResultAccepted.type, async () => undefined, true);
      return strategy;
    };
    const listen = async (strategy: KafkaBusServer): Promise<void> => {
      const error = await new Promise<unknown>((resolve) => strategy.listen(resolve));
      if (error !== undefined) throw error as Error;
    };
    await expect(listen(server(await secured('plain', 'wrong')))).rejects.toMatchObject({
      code: 'messaging.bus-refused',
    });
    const unconnected = server(settingsOf('127.0.0.1:1'));
    await listen(unconnected);
    expect(() => unconnected.check()).toThrow(/127\.0\.0\.1:1/);
    await unconnected.close();
  });
});

interface ReadRecord {
  headers: Record<string, string>;
  value: string;
}

/** Returns the first record of a topic that `fits` accepts, read with a separate client. */
async function recordOf(topic: string, fits: (record: ReadRecord) => boolean): Promise<ReadRecord> {
  const consumer = foreignClient(bus.kafka.brokers).consumer({ groupId: `foreign-${topic}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let found: ReadRecord | undefined;
  await consumer.run({
    eachMessage: async ({ message: { headers = {}, value } }) => {
      const texts = Object.entries(headers).map(([name, text]) => [name, String(text)]);
      const record = { headers: Object.fromEntries(texts) as Record<string, string>, value: String(value) };
      if (fits(record)) found ??= record;
    },
  });
  await until('the record is read', () => found !== undefined);
  await consumer.disconnect();
  return found as ReadRecord;
}

/** Returns the partition of a key and the offset of its next record. */
async function endOf(topic: string, key: string): Promise<{ partition: number; offset: string }> {
  const client = foreignClient(bus.kafka.brokers);
  const producer = client.producer();
  await producer.connect();
  const [sent] = await producer.send({ topic, messages: [{ key, value: '{"no":"message"}' }] });
  await producer.disconnect();
  return { partition: sent?.partition ?? -1, offset: `${BigInt(sent?.baseOffset ?? '-1') + 1n}` };
}

/** Commits an offset with metadata, as a consumer that is handling a message does. */
async function commitAs(
  groupId: string,
  offset: { topic: string; partition: number; offset: string; metadata: string },
): Promise<void> {
  const consumer = foreignClient(bus.kafka.brokers).consumer({ groupId });
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.connect();
  await consumer.subscribe({ topics: [...TOPICS] });
  await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: async () => undefined });
  await joined;
  await consumer.commitOffsets([offset]);
  await consumer.disconnect();
}
