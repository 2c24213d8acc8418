import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { EmbeddedPostgres } from '../../libs/embedded-postgres';

// jest loads setup and teardown as separate modules: they share only the global object.
const shared = globalThis as { stopTestPostgres?: (() => Promise<void>) | undefined };

/** jest's globalSetup: starts one PostgreSQL server for all test files of the run and sets `TEST_DATABASE_SERVER`. */
export default async function startPostgres(): Promise<void> {
  if (shared.stopTestPostgres !== undefined) return;
  const home = await mkdtemp(join(tmpdir(), 'almagest-postgres-'));
  // When root starts the server, it runs as another user, who needs access to its data directory.
  await chmod(home, 0o711);
  const server = await EmbeddedPostgres.start(home);
  shared.stopTestPostgres = async () => {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  };
  const url = server.url('postgres');
  await turnOffSync(url);
  process.env['TEST_DATABASE_SERVER'] = url;
}

/** Stops the server that `startPostgres` started. */
export async function stopPostgres(): Promise<void> {
  await shared.stopTestPostgres?.();
  shared.stopTestPostgres = undefined;
}

/** The tests kill processes but never the machine, so written data survives without a sync to disk. */
async function turnOffSync(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    await client.query(`ALTER SYSTEM SET ${setting} = off`);
  }
  await client.query('SELECT pg_reload_conf()');
  await client.end();
}
