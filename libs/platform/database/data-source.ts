import { DataSource, type EntitySchema, type MigrationInterface, QueryFailedError } from 'typeorm';
import { PlatformError } from '../errors';

type Class<T = unknown> = new (...args: never[]) => T;

/** The database schema of a service, and how to connect to it. */
export interface DatabaseOptions {
  url: string;
  /** The service's schema; the service writes to no other. */
  schema: string;
  entities: (Class | EntitySchema)[];
  migrations: Class<MigrationInterface>[];
  /** Makes the connections refuse every write. */
  readOnly?: boolean;
}

/** Longest wait for a connection, a free one of the pool or a new one, ms. */
const CONNECT_TIMEOUT_MS = 15_000;
/** The server ends a statement after this time, ms. */
const STATEMENT_TIMEOUT_MS = 60_000;
/** A server that has not answered by then is hung or unreachable, ms. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000;

/** Creates the DataSource of a service's schema, not connected yet. */
export function createDataSource(options: DatabaseOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url: options.url,
    schema: options.schema,
    entities: options.entities,
    migrations: options.migrations as (new () => MigrationInterface)[],
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'all',
    applicationName: `almagest-${options.schema}`,
    installExtensions: false,
    poolSize: 8,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: {
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      idle_in_transaction_session_timeout: 120_000,
      ...(options.readOnly ? { options: '-c default_transaction_read_only=on' } : {}),
    },
  });
}

let mayMigrate = true;

/** Sets whether `migrate` may change tables in this process (`MIGRATE_AT_START`); the default is true. */
export function allowMigrations(allowed: boolean): void {
  mayMigrate = allowed;
}

/**
 * Creates the schema and applies its pending migrations. Instances that start at the same time wait for each other. When
 * migrations are a separate step, only checks that none is pending.
 * @throws PlatformError `platform.migrations-pending`
 */
export async function migrate(dataSource: DataSource): Promise<void> {
  const { schema } = dataSource.options as { schema?: string };
  if (schema === undefined) throw new Error('a data source without a schema cannot be migrated');
  if (!mayMigrate) {
    await assertMigrated(dataSource, schema);
    return;
  }
  const runner = dataSource.createQueryRunner();
  try {
    await runner.connect();
    await runner.query(`SELECT pg_advisory_lock(hashtextextended($1, 0))`, [`almagest.migrate.${schema}`]);
    await runner.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
    await dataSource.runMigrations();
  } finally {
    await runner.query(`SELECT pg_advisory_unlock(hashtextextended($1, 0))`, [`almagest.migrate.${schema}`]);
    await runner.release();
  }
}

/** Does not use `showMigrations`, which would create its own table. */
async function assertMigrated(dataSource: DataSource, schema: string): Promise<void> {
  const applied = await dataSource
    .query<{ name: string }[]>(`SELECT name FROM "${schema}".migrations`)
    .catch((error: unknown) => {
      if (error instanceof QueryFailedError && (error.driverError as { code?: string }).code === '42P01') return [];
      throw error;
    });
  const pending = dataSource.migrations
    .map(({ name }) => name ?? '')
    .filter((name) => !applied.some((it) => it.name === name));
  if (pending.length === 0) return;
  throw new PlatformError(
    'platform.migrations-pending',
    `the tables of schema "${schema}" are not up to date; run: npm run migrations -- up (missing: ${pending.join(', ')})`,
  );
}
