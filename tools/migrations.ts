import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '@almagest/embedded-postgres';
import { prepareJobs } from '@almagest/jobs';
import {
  createDataSource,
  createLogger,
  databaseVariables,
  failIfIdle,
  messageOf,
  migrate,
  readConfig,
} from '@almagest/platform';
import { Pool } from 'pg';
import { z } from 'zod';
import { SCHEMAS } from './schemas';

/**
 * `up`: migrates every schema of the database at DATABASE_URL, including the job queue; services with
 * MIGRATE_AT_START=false do not start before it.
 * `check`: applies the migrations of every schema to an empty database and fails when they differ from the entities.
 * `generate <schema> <name>`: writes the migration that makes a schema match its entities.
 */
async function main([command, schema, name]: string[]): Promise<number> {
  if (command === 'up') {
    await up();
    return 0;
  }
  const home = await mkdtemp(join(tmpdir(), 'almagest-migrations-'));
  const postgres = await EmbeddedPostgres.start(home);
  try {
    const typeorm = (of: string, ...args: string[]): number =>
      spawnSync(
        process.execPath,
        [require.resolve('typeorm/cli.js'), ...args, '-d', join(__dirname, 'migration-data-source.js')],
        { stdio: 'inherit', env: { ...process.env, DATABASE_URL: postgres.url(), SCHEMA: of } },
      ).status ?? 1;
    if (command === 'check') {
      const results = SCHEMAS.map(
        ({ schema: of }) => typeorm(of, 'migration:run') || typeorm(of, 'migration:generate', '--check', 'unused'),
      );
      return Math.max(...results);
    }
    if (command === 'generate' && schema && name) {
      return (
        typeorm(schema, 'migration:run') ||
        typeorm(schema, 'migration:generate', `migrations/${schema.replaceAll('_', '-')}/${name}`)
      );
    }
    process.stderr.write('usage: npm run migrations -- up | check | generate <schema> <name>\n');
    return 2;
  } finally {
    await postgres.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function up(): Promise<void> {
  const { DATABASE_URL: url } = readConfig(z.object({ DATABASE_URL: databaseVariables.DATABASE_URL }));
  for (const options of SCHEMAS) {
    const dataSource = await createDataSource({ url, ...options }).initialize();
    await migrate(dataSource).finally(() => dataSource.destroy());
    process.stdout.write(`schema ${options.schema} is up to date\n`);
  }
  const pool = new Pool({ connectionString: url, max: 2 });
  await prepareJobs(pool, createLogger('migrations', { level: 'warn' })).finally(() => pool.end());
  process.stdout.write('the job queue is up to date\n');
}

const release = failIfIdle('almagest migrations: internal error: ended without a result', 70);
main(process.argv.slice(2)).then(
  (status) => {
    release();
    process.exitCode = status;
  },
  (error: unknown) => {
    release();
    process.stderr.write(`almagest migrations: ${messageOf(error)}\n`);
    process.exitCode = 1;
  },
);
