import { DataSource, type EntitySchema, type MigrationInterface } from 'typeorm';

type Class<T = unknown> = new (...args: never[]) => T;

/** A service's own corner of the database. */
export interface DatabaseOptions {
  url: string;
  /** The service's schema; it writes nowhere else. */
  schema: string;
  entities: (Class | EntitySchema)[];
  migrations: Class<MigrationInterface>[];
  /** Refuses every write on these connections. */
  readOnly?: boolean;
}

/** The DataSource of a service's schema; not connected yet. */
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
    extra: {
      statement_timeout: 60_000,
      idle_in_transaction_session_timeout: 120_000,
      ...(options.readOnly ? { options: '-c default_transaction_read_only=on' } : {}),
    },
  });
}

/**
 * Creates the schema and applies its pending migrations. Instances that start together wait for each other.
 */
export async function migrate(dataSource: DataSource): Promise<void> {
  const { schema } = dataSource.options as { schema?: string };
  if (schema === undefined) throw new Error('a data source without a schema cannot be migrated');
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
