import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY } from './built';
import { waitFor } from '../../harness/wait-for';

const ENGINE = join(REPOSITORY, 'dist/libs/embedded-postgres/index.js');
/** Takes over the server of a home and stops it. */
const TAKE_OVER_AND_STOP = `require(process.argv[1]).EmbeddedPostgres.start(process.argv[2]).then((it) => it.stop())`;

/** Returns the PostgreSQL server that runs on a home, or null. */
export async function postgresOf(home: string): Promise<{ pid: number; url: string } | null> {
  const file = await readFile(join(home, 'postgres', 'postmaster.pid'), 'utf8').catch(() => null);
  if (file === null) return null;
  const password = await readFile(join(home, 'postgres-password'), 'utf8');
  const [pid, , , port] = file.split('\n');
  return { pid: Number(pid), url: `postgres://almagest:${password.trim()}@127.0.0.1:${port}/almagest` };
}

/** Stops the server of a home if it still runs after its archive has ended. */
export async function stopPostgres(home: string): Promise<void> {
  const server = await postgresOf(home);
  if (server === null) return;
  await promisify(execFile)(process.execPath, ['-e', TAKE_OVER_AND_STOP, ENGINE, home]);
  await waitFor('PostgreSQL to end', async () => !isAlive(server.pid));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
