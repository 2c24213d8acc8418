import { type DataOf, deliveryCatalogued } from '@almagest/contracts';
import { type BusMessage, type BusPublisher, Outbox, OutboxRelay, PostgresBusPublisher } from '@almagest/messaging';
import { newGroup, newMessage } from '@almagest/messaging/testing/test-bus';
import { Gate, until } from '@almagest/messaging/testing/waiting';
import type { DataSource } from 'typeorm';
import { InterruptibleProxy } from '../../harness/interruptible-proxy';
import { quiet, TestDatabase } from '../../harness/test-database';

type Data = DataOf<typeof deliveryCatalogued>;

/** The real bus with injected faults; records what was published. */
class WatchedBus implements BusPublisher {
  readonly published: string[][] = [];
  private readonly bus: PostgresBusPublisher;
  /** Called before and after a publication; what they throw is the result of `publish`. */
  before: () => void | Promise<void> = () => undefined;
  after: () => void = () => undefined;

  constructor(database: TestDatabase) {
    this.bus = new PostgresBusPublisher(database.pool);
  }

  async publish(messages: readonly BusMessage[]): Promise<void> {
    await this.before();
    await this.bus.publish(messages);
    this.published.push(messages.map((message) => (message.data as Data).deliveryId));
    this.after();
  }

  async close(): Promise<void> {
    await this.bus.close();
  }
}

describe('OutboxRelay', () => {
  let database: TestDatabase;
  let catalogue: DataSource;
  let relays: OutboxRelay[];
  const outbox = new Outbox('catalogue');
  const group = newGroup();

  beforeEach(async () => {
    database = await TestDatabase.create();
    catalogue = await database.open('catalogue');
    relays = [];
  });
  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay.stop()));
    await database.drop();
  });

  function start(bus: BusPublisher, databaseUrl = database.url): OutboxRelay {
    const relay = new OutboxRelay({ service: 'catalogue', databaseUrl, bus, logger: quiet });
    relays.push(relay);
    relay.start();
    return relay;
  }

  /** Adds events in one transaction; returns their ids. */
  async function emit(count: number, { commit } = { commit: true }): Promise<string[]> {
    const events = Array.from({ length: count }, () => newMessage(group).data as Data);
    await catalogue
      .transaction(async (manager) => {
        for (const data of events) {
          await outbox.add(manager, deliveryCatalogued, { key: group, subject: data.ous }, data);
        }
        if (!commit) throw new Error('rolled back');
      })
      .catch(() => undefined);
    return events.map((event) => event.deliveryId);
  }

  /** Returns the events on the bus for one subscriber, in order. */
  async function onTheBus(): Promise<string[]> {
    const rows = await database.rows<{ id: string }>(
      `SELECT message #>> '{data,deliveryId}' AS id FROM bus.queued_message WHERE service = 'notifier' ORDER BY position`,
    );
    return rows.map(({ id }) => id);
  }

  async function isEmpty(): Promise<boolean> {
    const [row] = await database.rows<{ empty: boolean }>(`SELECT NOT EXISTS (SELECT FROM catalogue.outbox) AS empty`);
    return row?.empty === true;
  }

  it('publishes committed events in order and deletes them', async () => {
    const before = [...(await emit(3)), ...(await emit(2))];
    start(new WatchedBus(database));
    await until('the outbox is empty', isEmpty);
    const after = [...(await emit(1)), ...(await emit(250))];
    await until('all are on the bus', async () => (await onTheBus()).length === before.length + after.length);
    expect(await onTheBus()).toEqual([...before, ...after]);
    await until('the outbox is empty', isEmpty);
  });

  it('publishes nothing from a transaction that was rolled back', async () => {
    const bus = new WatchedBus(database);
    start(bus);
    await emit(2, { commit: false });
    const [committed] = await emit(1);
    await until('the outbox is empty', async () => bus.published.length > 0 && (await isEmpty()));
    expect(bus.published.flat()).toEqual([committed]);
  });

  it('runs once per service; another instance takes over when the first loses its connection', async () => {
    const proxy = await InterruptibleProxy.to(database.url);
    const [first, second] = [new WatchedBus(database), new WatchedBus(database)];
    start(first, proxy.url);
    const one = await emit(1);
    await until('the first has published', () => first.published.length === 1);
    start(second);
    await until('both are connected', async () => (await database.connections()).filter(isRelay).length === 2);
    const two = await emit(1);
    await until(
      'one has published',
      async () => first.published.length + second.published.length === 2 && (await isEmpty()),
    );
    expect(second.published).toEqual([]);
    await proxy.close();
    const three = await emit(1);
    await until('the second has taken over', () => second.published.length === 1);
    expect(first.published.flat()).toEqual([...one, ...two]);
    expect(second.published.flat()).toEqual(three);
  });

  it('retries while the bus is unavailable, and keeps the order', async () => {
    const bus = new WatchedBus(database);
    let refusals = 0;
    bus.before = () => {
      refusals += 1;
      if (refusals <= 3) throw new Error('the bus is unavailable');
    };
    start(bus);
    const before = await emit(2);
    await until('the bus has refused', () => refusals > 0);
    const meanwhile = await emit(2);
    await until('the outbox is empty', isEmpty);
    expect(await onTheBus()).toEqual([...before, ...meanwhile]);
    expect(refusals).toBeGreaterThan(3);
  });

  it('publishes again when the acknowledgement is lost, and the bus has the event once', async () => {
    const bus = new WatchedBus(database);
    bus.after = () => {
      if (bus.published.length === 1) throw new Error('the acknowledgement was lost');
    };
    start(bus);
    const [id] = await emit(1);
    await until('the outbox is empty', async () => bus.published.length > 1 && (await isEmpty()));
    expect(bus.published).toEqual([[id], [id]]);
    expect(await onTheBus()).toEqual([id]);
  });

  it('reconnects when the database closes its connection', async () => {
    const bus = new WatchedBus(database);
    start(bus);
    await emit(1);
    await until('it is at work', () => bus.published.length === 1);
    expect(await database.cut('almagest-relay-catalogue')).toBe(1);
    const [id] = await emit(1);
    await until('it publishes again', () => bus.published.flat().includes(id ?? ''));
  });

  it('finishes the current batch when it stops, and closes its connections', async () => {
    const bus = new WatchedBus(database);
    const [begun, proceed] = [new Gate(), new Gate()];
    bus.before = () => {
      begun.open();
      return proceed.opened;
    };
    const relay = start(bus);
    await emit(1);
    await begun.opened;
    const stopped = relay.stop();
    proceed.open();
    await stopped;
    expect(bus.published).toHaveLength(1);
    expect(await isEmpty()).toBe(true);
    await until('the server knows', async () => !(await database.connections()).some(isRelay));
  });

  it('purges inbox entries older than 30 days', async () => {
    await database.rows(
      `INSERT INTO catalogue.inbox (id, handled_at)
       VALUES ('old', now() - interval '31 days'), ('young', now() - interval '29 days'), ('new', now())`,
    );
    start(new WatchedBus(database));
    const kept = (): Promise<{ id: string }[]> => database.rows(`SELECT id FROM catalogue.inbox ORDER BY id`);
    await until('the old one is gone', async () => !(await kept()).some(({ id }) => id === 'old'));
    expect(await kept()).toEqual([{ id: 'new' }, { id: 'young' }]);
  });
});

function isRelay(connection: string): boolean {
  return connection === 'almagest-relay-catalogue';
}
