import { Inbox } from '@almagest/messaging';
import { until } from '@almagest/messaging/testing/waiting';
import type { EntityManager } from 'typeorm';
import { TestDatabase } from '../../harness/test-database';

describe('Inbox', () => {
  let database: TestDatabase;
  let instances: Inbox[];

  beforeAll(async () => {
    database = await TestDatabase.create();
    // Two instances of a service, each with its own connections.
    instances = [new Inbox(await database.open('notifier')), new Inbox(await database.open('notifier'))];
    await database.rows(`CREATE TABLE notifier.effect (event text)`);
  });
  afterAll(() => database.drop());

  const inbox = (): Inbox => instances[0] as Inbox;
  const effectOf =
    (event: string) =>
    async (manager: EntityManager): Promise<void> => {
      await manager.query(`INSERT INTO notifier.effect VALUES ($1)`, [event]);
    };
  const effects = async (event: string): Promise<number> =>
    (await database.rows(`SELECT FROM notifier.effect WHERE event = $1`, [event])).length;

  it('runs the effect of an event once, however often and concurrently the event arrives', async () => {
    const ran = await Promise.all(
      Array.from({ length: 6 }, () => instances.map((instance) => instance.once('often', effectOf('often')))).flat(),
    );
    expect(ran.filter(Boolean)).toEqual([true]);
    expect(await inbox().once('often', effectOf('often'))).toBe(false);
    expect(await effects('often')).toBe(1);
  });

  it('rolls back an event whose effect failed', async () => {
    const failing = async (manager: EntityManager): Promise<void> => {
      await effectOf('failing')(manager);
      throw new Error('half way');
    };
    await expect(inbox().once('failing', failing)).rejects.toThrow('half way');
    expect(await effects('failing')).toBe(0);
    expect(await inbox().once('failing', effectOf('failing'))).toBe(true);
    expect(await effects('failing')).toBe(1);
  });

  it('lets a waiting instance handle the event when the first one failed', async () => {
    let fail: () => void = () => undefined;
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const first = inbox().once('contended', async () => {
      begin();
      await new Promise<void>((_, reject) => (fail = () => reject(new Error('gone'))));
    });
    await begun;
    const second = instances[1]?.once('contended', effectOf('contended'));
    await until('the second waits', async () => {
      const waiting = await database.rows(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return waiting.length === 1;
    });
    fail();
    await expect(first).rejects.toThrow('gone');
    expect(await second).toBe(true);
    expect(await effects('contended')).toBe(1);
  });

  it('handles events with different ids independently', async () => {
    const ran = await Promise.all(['a', 'b', 'c'].map((id) => inbox().once(id, effectOf(id))));
    expect(ran).toEqual([true, true, true]);
  });
});
