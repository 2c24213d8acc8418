import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './embedded-postgres.error';
import { installationOf, type PostgresInstallation } from './postgres-installation';

const run = promisify(execFile);

/** Name of the archive's user and of its database. */
const NAME = 'almagest';

/**
 * The real PostgreSQL server, installed by npm, with its data below a home directory. It runs as a separate process, so
 * it survives a crash of the archive; the next start uses the running server.
 */
export class EmbeddedPostgres {
  private constructor(
    private readonly installation: PostgresInstallation,
    private readonly password: string,
    private readonly port: number,
  ) {}

  /**
   * Starts the server of a home, or uses the one that is running already. The first start creates the server's data and
   * the database `almagest`.
   * @throws EmbeddedPostgresError when the server does not start
   */
  static async start(home: string): Promise<EmbeddedPostgres> {
    await mkdir(home, { recursive: true });
    const installation = await prepareInstallation(home);
    const password = await readOrCreatePassword(home);
    const isNew = !existsSync(join(installation.data, 'PG_VERSION'));
    if (isNew) await initialise(installation, password);
    const port = (await runningPort(installation)) ?? (await launch(installation));
    const server = new EmbeddedPostgres(installation, password, port);
    await server.createDatabase();
    return server;
  }

  /** Returns the connection URL of the archive's database, or of another database on the same server. */
  url(database = NAME): string {
    return `postgres://${NAME}:${this.password}@127.0.0.1:${this.port}/${database}`;
  }

  /** Closes every connection and stops the server. */
  async stop(): Promise<void> {
    await control(this.installation, ['stop', '--mode=fast', '--wait', '--silent']);
  }

  private async createDatabase(): Promise<void> {
    const { Client } = await import('pg');
    const client = new Client({ connectionString: this.url('postgres') });
    await client.connect();
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [NAME]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${NAME} ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0`);
    await client.end();
  }
}

/**
 * Returns the installation of a home. Data that are kept outside the home remain when the home itself is removed. A new
 * home at the same path does not have their password, so they are deleted.
 */
async function prepareInstallation(home: string): Promise<PostgresInstallation> {
  const installation = await installationOf(home);
  const isNew = !existsSync(passwordFileOf(home)) && !existsSync(join(home, 'store'));
  if (!isNew || installation.data === resolve(home, 'postgres')) return installation;
  if ((await runningPort(installation)) !== null)
    await control(installation, ['stop', '--mode=immediate', '--wait', '--silent']);
  await rm(installation.data, { recursive: true, force: true });
  return installationOf(home);
}

/** Returns the port of the server that runs on these data, or null when none does. */
async function runningPort(installation: PostgresInstallation): Promise<number | null> {
  try {
    await control(installation, ['status']);
  } catch {
    return null;
  }
  // The fourth line of postmaster.pid is the port (PostgreSQL, "miscadmin.h").
  const lines = (await readFile(join(installation.data, 'postmaster.pid'), 'utf8')).split('\n');
  return Number(lines[3]);
}

async function launch(installation: PostgresInstallation): Promise<number> {
  const port = await freePort();
  const settings = [
    `-p ${port}`,
    '-c listen_addresses=127.0.0.1',
    '-c unix_socket_directories=',
    '-c max_connections=200',
    '-c shared_buffers=128MB',
    '-c log_min_messages=fatal',
  ].join(' ');
  const log = join(installation.data, 'server.log');
  await control(installation, ['start', '--wait', '--silent', `--log=${log}`, `--options=${settings}`]).catch(
    async (cause: unknown) => {
      const output = (await readFile(log, 'utf8').catch(() => '')).trim().slice(-2000);
      const message = `the embedded PostgreSQL did not start: ${output}`;
      throw new EmbeddedPostgresError('embedded-postgres.start-failed', message, { cause });
    },
  );
  return port;
}

async function initialise(installation: PostgresInstallation, password: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'almagest-'));
  const passwordFile = join(directory, 'password');
  try {
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (installation.user !== null) {
      await chown(directory, installation.user.uid, installation.user.gid);
      await chown(passwordFile, installation.user.uid, installation.user.gid);
    }
    await run(
      join(installation.programs, 'initdb'),
      [
        `--pgdata=${installation.data}`,
        '--auth=scram-sha-256',
        `--username=${NAME}`,
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--locale=C',
        '--no-instructions',
      ],
      { ...(installation.user ?? {}), cwd: '/' },
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
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

async function readOrCreatePassword(home: string): Promise<string> {
  const file = passwordFileOf(home);
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    const password = randomBytes(24).toString('base64url');
    await writeFile(file, password, { mode: 0o600 });
    return password;
  }
}

function passwordFileOf(home: string): string {
  return join(home, 'postgres-password');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string')
    throw new EmbeddedPostgresError('embedded-postgres.no-port', 'no free port');
  return address.port;
}
