import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { SERVICES } = require('../../dist/libs/contracts/index.js');
const { PARTITIONS } = require('../../dist/libs/messaging/postgres/bus-tables.js');
const { PostgresBusPublisher } = require('../../dist/libs/messaging/postgres/postgres-bus.publisher.js');

/** The Postgres bus, as the chaos suite publishes on it, disturbs it and reads what was on it. */
export class PostgresChaosBus {
  /** Who reads, as `deliveries` names them. */
  readers = SERVICES;

  constructor({ pool }) {
    this.pool = pool;
    this.publisher = new PostgresBusPublisher(pool);
  }

  async publish(messages) {
    await this.publisher.publish(messages);
  }

  /** Brings messages that services were sent before once more, at random and so in another order. */
  async replay(count) {
    const { rowCount } = await this.pool.query(
      `INSERT INTO bus.queued_message (service, partition, id, message)
       SELECT service, hashtext(key) & $2, id, message FROM chaos.queued ORDER BY random() LIMIT $1
       ON CONFLICT DO NOTHING`,
      [count, PARTITIONS - 1],
    );
    return rowCount;
  }

  /** Messages that wait to be handled. */
  async waiting() {
    const { rows } = await this.pool.query(`SELECT count(*)::int AS count FROM bus.queued_message`);
    return rows[0].count;
  }

  /** All that was given up. */
  async deadLetters() {
    const { rows } = await this.pool.query(`SELECT service, reason, message ->> 'id' AS id FROM bus.dead_letter`);
    return rows;
  }

  /**
   * Each message in the order in which it first came to a subscriber, with how often it came.
   * @returns {Promise<{ id: string, reader: string, times: number }[]>}
   */
  async deliveries() {
    const { rows } = await this.pool.query(
      `SELECT service AS reader, id, count(*)::int AS times FROM chaos.queued GROUP BY service, id ORDER BY min(seq)`,
    );
    return rows;
  }

  /** Who must get an event of a contract. */
  readersOf(contract) {
    return contract.subscribers;
  }

  async close() {
    await this.publisher.close();
  }
}
