import { execFile, spawn } from 'node:child_process';
import { chown, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './embedded-postgres.error';
import type { PostgresInstallation } from './postgres-installation';

const run = promisify(execFile);

const MEGABYTE = 1024 ** 2;
const LEAST_BUFFER_MB = 64;
const MOST_BUFFER_MB = 1024;

/** More than any system gives to a process: PostgreSQL takes it for the id of a process that has ended. */
const NO_PROCESS = 2_147_483_647;

/**
 * Returns the port of the server that runs on these data, or null when none does. When another process has got the
 * process id of a server that was killed, makes the server's lock file say so: PostgreSQL itself only looks whether a
 * process of that id exists, and would refuse to start.
 */
export async function runningPort(installation: PostgresInstallation): Promise<number | null> {
  const lockFile = join(installation.data, 'postmaster.pid');
  const text = await readFile(lockFile, 'utf8').catch(() => '');
  // Process id, data directory, start time, port (PostgreSQL, "miscadmin.h").
  const [pid = '', ...others] = text.split('\n');
  const [directory = '', , port] = others;
  const command = await commandOf(Math.abs(Number(pid)));
  if (command === null) return null;
  if (command.includes(installation.data) || command.includes(directory)) return Number(port);
  // The rest stays: PostgreSQL finds out by it whether processes of the killed server still use its memory.
  const draft = `${lockFile}.new`;
  await writeFile(draft, [NO_PROCESS, ...others].join('\n'), { mode: 0o600 });
  if (installation.user !== null) await chown(draft, installation.user.uid, installation.user.gid);
  await rename(draft, lockFile);
  return null;
}

/**
 * Starts the server on a port of this machine and waits until it accepts connections.
 * @throws EmbeddedPostgresError `embedded-postgres.start-failed`, with the server's own message
 */
export async function launch(installation: PostgresInstallation, port: number): Promise<void> {
  const settings = [
    `-p ${port}`,
    '-c listen_addresses=127.0.0.1',
    '-c unix_socket_directories=',
    // A standalone archive has about 120; the archives of a test run share a server.
    '-c max_connections=500',
    `-c shared_buffers=${bufferMegabytes()}MB`,
    '-c log_min_messages=fatal',
    // Otherwise each checkpoint writes a file for them, and on a full disk ends every connection, also of readers.
    '-c max_active_replication_origins=0',
  ].join(' ');
  const log = join(installation.data, 'server.log');
  await rm(log, { force: true });
  await control(installation, ['start', '--wait', '--silent', `--log=${log}`, `--options=${settings}`]).catch(
    async (cause: unknown) => {
      const output = (await readFile(log, 'utf8').catch(() => '')).trim().slice(-2000);
      const reason = output === '' ? `it wrote no reason to ${log}; is the disk full?` : output;
      const message = `the embedded PostgreSQL on ${installation.data} did not start: ${reason}`;
      throw new EmbeddedPostgresError('embedded-postgres.start-failed', message, { cause });
    },
  );
}

/** A quarter of the memory (PostgreSQL, "Resource Consumption"), but no more than an archive of a million rows needs. */
function bufferMegabytes(): number {
  const limit = process.constrainedMemory() || Infinity;
  const megabytes = Math.floor(Math.min(totalmem(), limit) / 4 / MEGABYTE);
  return Math.min(Math.max(megabytes, LEAST_BUFFER_MB), MOST_BUFFER_MB);
}

/** Closes every connection and stops the server. */
export async function stop(installation: PostgresInstallation): Promise<void> {
  await control(installation, ['stop', '--mode=fast', '--wait', '--silent']);
}

/** Returns the command line of a process, or null when there is no such process. */
async function commandOf(pid: number): Promise<string | null> {
  if (!Number.isInteger(pid) || pid === 0) return null;
  if (process.platform === 'linux') {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
    return line === null ? null : line.replaceAll('\0', ' ');
  }
  return run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).then(
    ({ stdout }) => stdout,
    () => null,
  );
}

/** Runs pg_ctl. Its output is not piped: the server that it starts would keep the pipe open. */
async function control(installation: PostgresInstallation, args: string[]): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const child = spawn(join(installation.programs, 'pg_ctl'), ['-D', installation.data, ...args], {
      ...(installation.user ?? {}),
      cwd: '/',
      stdio: 'ignore',
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) return resolve();
      const message = `pg_ctl ${args[0] ?? ''} ended with ${code === null ? 'a signal' : `code ${code}`}`;
      reject(new EmbeddedPostgresError('embedded-postgres.control-failed', message));
    });
  });
}
