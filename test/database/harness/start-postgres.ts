import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '../../../libs/embedded-postgres';
import { keepForTeardown } from './running-postgres';

/** jest's globalSetup of the database tests: one PostgreSQL server for all of them. */
export default async function startPostgres(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'almagest-database-'));
  // Started by root, the server runs as another user, who must be able to reach its data.
  await chmod(home, 0o711);
  const server = await EmbeddedPostgres.start(home);
  keepForTeardown({ server, home });
  process.env['TEST_DATABASE_SERVER'] = server.url('postgres');
}
