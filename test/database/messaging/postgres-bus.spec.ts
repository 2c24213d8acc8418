import { type DeadLetter, PostgresBusPublisher, PostgresBusServer } from '@almagest/messaging';
import { busConformance } from '@almagest/messaging/testing/bus.conformance';
import { InterruptibleProxy } from '../../harness/interruptible-proxy';
import { quiet, TestDatabase } from '../../harness/test-database';

busConformance('PostgreSQL', async () => {
  const database = await TestDatabase.create();
  const proxies: InterruptibleProxy[] = [];
  const publisher = new PostgresBusPublisher(database.pool);
  return {
    publisher,
    instance: async (service, retryDelay) => {
      const proxy = await InterruptibleProxy.to(database.url);
      proxies.push(proxy);
      return {
        strategy: new PostgresBusServer({ service, databaseUrl: proxy.url, logger: quiet, retryDelay }),
        cut: () => proxy.close(),
      };
    },
    // Only the archive writes here; a foreign message is inserted where a publisher inserts its messages.
    publishRaw: async (topic, key, value) => {
      const services = topic === 'almagest.deliveries.v1' ? ['intake', 'notifier'] : [];
      for (const service of services) {
        await database.rows(
          `INSERT INTO bus.queued_message (service, partition, id, message)
           VALUES ($1, hashtext($2) & 15, gen_random_uuid(), $3)`,
          [service, key, JSON.stringify(value)],
        );
      }
    },
    deadLetters: () => database.rows<DeadLetter>(`SELECT message, service, reason, attempts FROM bus.dead_letter`),
    stop: async () => {
      await Promise.all(proxies.map((proxy) => proxy.close()));
      await database.drop();
    },
  };
});
