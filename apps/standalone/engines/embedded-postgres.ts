import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { postgresPlace, type PostgresPlace } from './postgres-place';

const run = promisify(execFile);

/** The user and the database of the archive on the embedded server. */
const NAME = 'almagest';

/**
 * The real PostgreSQL server, from npm, with its data below `home`. It runs as a process of its own: a server that
 * outlived a crash of the archive is found and taken over.
 */
export class EmbeddedPostgres {
  private constructor(
    private readonly place: PostgresPlace,
    private readonly password: string,
    private readonly port: number,
  ) {}

  /** Starts the server, creating it on the first start; takes over one that is running already. */
  static async start(home: string): Promise<EmbeddedPostgres> {
    await mkdir(home, { recursive: true });
    const place = await placeFor(home);
    const password = await keptPassword(home);
    const fresh = !existsSync(join(place.data, 'PG_VERSION'));
    if (fresh) await initialise(place, password);
    const port = (await runningPort(place)) ?? (await launch(place));
    const server = new EmbeddedPostgres(place, password, port);
    await server.createDatabase();
    return server;
  }

  /** The connection URL of the archive's database, or of another on the same server. */
  url(database = NAME): string {
    return `postgres://${NAME}:${this.password}@127.0.0.1:${this.port}/${database}`;
  }

  /** Ends every connection and stops the server. */
  async stop(): Promise<void> {
    await control(this.place, ['stop', '--mode=fast', '--wait', '--silent']);
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
 * The place of a home's server. Data that had to lie outside the home are still there when the home itself was removed:
 * they belong to nothing any more, and a new home does not know their password.
 */
async function placeFor(home: string): Promise<PostgresPlace> {
  const place = await postgresPlace(home);
  const isNew = !existsSync(passwordFileOf(home)) && !existsSync(join(home, 'store'));
  if (!isNew || place.data === resolve(home, 'postgres')) return place;
  if ((await runningPort(place)) !== null) await control(place, ['stop', '--mode=immediate', '--wait', '--silent']);
  await rm(place.data, { recursive: true, force: true });
  return postgresPlace(home);
}

/** The port of a server that runs on this data, null when none does. */
async function runningPort(place: PostgresPlace): Promise<number | null> {
  try {
    await control(place, ['status']);
  } catch {
    return null;
  }
  // The fourth line of postmaster.pid is the port (PostgreSQL, "miscadmin.h").
  const lines = (await readFile(join(place.data, 'postmaster.pid'), 'utf8')).split('\n');
  return Number(lines[3]);
}

async function launch(place: PostgresPlace): Promise<number> {
  const port = await freePort();
  const settings = [
    `-p ${port}`,
    '-c listen_addresses=127.0.0.1',
    '-c unix_socket_directories=',
    '-c max_connections=200',
    '-c shared_buffers=128MB',
    '-c log_min_messages=fatal',
  ].join(' ');
  const log = join(place.data, 'server.log');
  await control(place, ['start', '--wait', '--silent', `--log=${log}`, `--options=${settings}`]).catch(
    async (cause: unknown) => {
      const said = await readFile(log, 'utf8').catch(() => '');
      throw new Error(`the embedded PostgreSQL did not start: ${said.trim().slice(-2000)}`, { cause });
    },
  );
  return port;
}

async function initialise(place: PostgresPlace, password: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'almagest-'));
  const passwordFile = join(directory, 'password');
  try {
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (place.user !== null) {
      await chown(directory, place.user.uid, place.user.gid);
      await chown(passwordFile, place.user.uid, place.user.gid);
    }
    await run(
      join(place.programs, 'initdb'),
      [
        `--pgdata=${place.data}`,
        '--auth=scram-sha-256',
        `--username=${NAME}`,
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--locale=C',
        '--no-instructions',
      ],
      { ...(place.user ?? {}), cwd: '/' },
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Runs pg_ctl; its output is not piped, because the server it starts would keep the pipe open for ever. */
async function control(place: PostgresPlace, args: string[]): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const child = spawn(join(place.programs, 'pg_ctl'), ['-D', place.data, ...args], {
      ...(place.user ?? {}),
      cwd: '/',
      stdio: 'ignore',
    });
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`pg_ctl ${args[0] ?? ''} ended with ${code ?? 'a signal'}`)),
    );
  });
}

async function keptPassword(home: string): Promise<string> {
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
  if (address === null || typeof address === 'string') throw new Error('no port could be had');
  return address.port;
}
