import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { createDataSource, createLogger, migrate } from '@almagest/platform';
import { openBusPool } from '@almagest/messaging';
import { type Client, Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { onServer, urlOf } from './database-server';
import { SCHEMAS } from '../../tools/schemas';

/** The logger given to the code under test. Raise its level to see its messages. */
export const quiet = createLogger('test', { level: 'silent' });

const TEMPLATE = 'almagest_template';

/** A separate database for one spec file, with every migration applied. */
export class TestDatabase {
  private readonly sources: DataSource[] = [];

  private constructor(
    readonly url: string,
    readonly pool: Pool,
    private readonly name: string,
  ) {}

  static async create(): Promise<TestDatabase> {
    const name = `test_${randomBytes(6).toString('hex')}`;
    await onServer(async (server) => {
      await ensureTemplate(server);
      await server.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
    });
    const url = urlOf(name);
    const pool = new Pool({ connectionString: url, max: 5, application_name: 'test' });
    pool.on('error', () => undefined);
    return new TestDatabase(url, pool, name);
  }

  /** Opens a service's connection to its schema. `drop` closes it. */
  async open(schema: string): Promise<DataSource> {
    const source = await createDataSource({ url: this.url, ...schemaOf(schema) }).initialize();
    this.sources.push(source);
    return source;
  }

  async rows<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(sql, values)).rows;
  }

  /** Terminates, on the server, the connections with this name. Returns how many there were. */
  async cut(applicationName: string): Promise<number> {
    const { rowCount } = await this.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name = $2`,
      [this.name, applicationName],
    );
    return rowCount ?? 0;
  }

  /** Returns the names of the connections to this database, except the test's own. */
  async connections(): Promise<string[]> {
    const rows = await this.rows<{ name: string }>(
      `SELECT application_name AS name FROM pg_stat_activity
        WHERE datname = $1 AND application_name <> 'test' ORDER BY 1`,
      [this.name],
    );
    return rows.map(({ name }) => name);
  }

  async drop(): Promise<void> {
    await Promise.all(this.sources.map((source) => source.destroy()));
    await this.pool.end();
    await onServer((server) => server.query(`DROP DATABASE ${this.name} WITH (FORCE)`));
  }
}

function schemaOf(schema: string): (typeof SCHEMAS)[number] {
  const found = SCHEMAS.find((candidate) => candidate.schema === schema);
  if (found === undefined) throw new Error(`unknown schema ${schema}`);
  return found;
}

/** Creates the template database unless an earlier spec file has done so. */
async function ensureTemplate(server: Client): Promise<void> {
  await server.query(`SELECT pg_advisory_lock(1)`);
  const { rowCount } = await server.query(`SELECT 1 FROM pg_database WHERE datname = $1`, [TEMPLATE]);
  if (rowCount === 0) {
    const draft = `${TEMPLATE}_draft`;
    await server.query(`DROP DATABASE IF EXISTS ${draft}`);
    await server.query(`CREATE DATABASE ${draft} ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0`);
    await applyMigrations(urlOf(draft));
    await server.query(`ALTER DATABASE ${draft} RENAME TO ${TEMPLATE}`);
  }
  await server.query(`SELECT pg_advisory_unlock(1)`);
}

async function applyMigrations(url: string): Promise<void> {
  await (await openBusPool(url, quiet)).end();
  for (const schema of SCHEMAS) {
    const source = await createDataSource({ url, ...schema }).initialize();
    await migrate(source);
    await source.destroy();
  }
}
