import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { SERVICES } = require('../../dist/libs/contracts/index.js');
const { PARTITIONS } = require('../../dist/libs/messaging/postgres/bus-tables.js');
const { PostgresBusPublisher } = require('../../dist/libs/messaging/postgres/postgres-bus.publisher.js');

/** Publishes, replays and reads messages on the Postgres bus for the chaos suite. */
export class PostgresChaosBus {
  /** The readers in `deliveries`. */
  readers = SERVICES;

  constructor({ pool }) {
    this.pool = pool;
    this.publisher = new PostgresBusPublisher(pool);
  }

  async publish(messages) {
    await this.publisher.publish(messages);
  }

  /** Queues earlier messages again, chosen at random and thus in another order. Returns how many. */
  async replay(count) {
    const { rowCount } = await this.pool.query(
      `INSERT INTO bus.queued_message (service, partition, id, message)
       SELECT service, hashtext(key) & $2, id, message FROM chaos.queued ORDER BY random() LIMIT $1
       ON CONFLICT DO NOTHING`,
      [count, PARTITIONS - 1],
    );
    return rowCount;
  }

  /** Returns the number of unhandled messages. */
  async waiting() {
    const { rows } = await this.pool.query(`SELECT count(*)::int AS count FROM bus.queued_message`);
    return rows[0].count;
  }

  /** Returns all dead letters. */
  async deadLetters() {
    const { rows } = await this.pool.query(`SELECT service, reason, message ->> 'id' AS id FROM bus.dead_letter`);
    return rows;
  }

  /**
   * Returns each message with the number of its deliveries, in the order of first delivery to a subscriber.
   * @returns {Promise<{ id: string, reader: string, times: number }[]>}
   */
  async deliveries() {
    const { rows } = await this.pool.query(
      `SELECT service AS reader, id, count(*)::int AS times FROM chaos.queued GROUP BY service, id ORDER BY min(seq)`,
    );
    return rows;
  }

  /** Returns the readers that must get an event of this contract. */
  readersOf(contract) {
    return contract.subscribers;
  }

  async close() {
    await this.publisher.close();
  }
}
