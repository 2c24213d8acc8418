import { type DeadLetter, PostgresBusPublisher, PostgresBusServer } from '@almagest/messaging';
import { busConformance } from '@almagest/messaging/testing/bus.conformance';
import { Plug } from '../../harness/plug';
import { quiet, TestDatabase } from '../../harness/test-database';

busConformance('PostgreSQL', async () => {
  const database = await TestDatabase.create();
  const plugs: Plug[] = [];
  const publisher = new PostgresBusPublisher(database.pool);
  return {
    publisher,
    instance: async (service, retryDelay) => {
      const plug = await Plug.into(database.url);
      plugs.push(plug);
      return {
        strategy: new PostgresBusServer({ service, databaseUrl: plug.url, logger: quiet, retryDelay }),
        cut: () => plug.pull(),
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
      await Promise.all(plugs.map((plug) => plug.pull()));
      await database.drop();
    },
  };
});
