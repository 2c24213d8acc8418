import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './embedded-postgres.error';
import { installationOf, type PostgresInstallation } from './postgres-installation';
import { launch, runningPort, stop } from './postmaster';

const run = promisify(execFile);

/** Name of the archive's user and of its database. */
const NAME = 'almagest';
/** How often, and after how many milliseconds each, a server that is found running is asked for a connection. */
const CONNECT_ATTEMPTS = 100;
const CONNECT_INTERVAL_MS = 200;
/** A server that starts needs a new segment of its write-ahead log, of 16 MiB, and some more, bytes. */
const STARTING_BYTES = 32 * 1024 ** 2;

/**
 * The real PostgreSQL server, installed by npm, with its data below a home directory. It runs as a separate process, so
 * it survives a crash of the archive; the next start uses the running server. At any time one process at most may start,
 * use and stop the server of a home: the caller makes sure of that.
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
   * @throws EmbeddedPostgresError when the server does not start, or the password of existing data is missing
   */
  static async start(home: string): Promise<EmbeddedPostgres> {
    await mkdir(home, { recursive: true });
    const installation = await installationOf(home);
    const isNew = !existsSync(join(installation.data, 'PG_VERSION'));
    const password = await readOrCreatePassword(home, installation.data, isNew);
    if (isNew) await initialise(installation, password);
    const running = await runningPort(installation);
    const port = running ?? (await freePort());
    if (running === null) await launch(installation, port);
    const server = new EmbeddedPostgres(installation, password, port);
    await server.createDatabase();
    return server;
  }

  /**
   * Stops the server of a home and removes its data, wherever they are. Data without their password in the home stay:
   * they are not proven to belong to it.
   */
  static async remove(home: string): Promise<void> {
    if (!existsSync(passwordFileOf(home))) return;
    const installation = await installationOf(home);
    if ((await runningPort(installation)) !== null) await stop(installation);
    await rm(installation.data, { recursive: true, force: true });
  }

  /** The directory of the server's data. */
  get data(): string {
    return this.installation.data;
  }

  /** What was done to the system so that the server can run, in one sentence each. */
  get notices(): readonly string[] {
    return this.installation.notices;
  }

  /** Returns the connection URL of the archive's database, or of another database on the same server. */
  url(database = NAME): string {
    return `postgres://${NAME}:${this.password}@127.0.0.1:${this.port}/${database}`;
  }

  /**
   * Starts the server again, on the same port, if it does not run.
   * @throws EmbeddedPostgresError `embedded-postgres.start-failed`
   */
  async restart(): Promise<void> {
    if ((await runningPort(this.installation)) === null) await launch(this.installation, this.port);
  }

  /** Returns true when the disk has too little space for the server to start. */
  async isDiskFull(): Promise<boolean> {
    const { bavail, bsize } = await statfs(this.data);
    return bavail * bsize < STARTING_BYTES;
  }

  /** Closes every connection and stops the server, if it runs. */
  async stop(): Promise<void> {
    if ((await runningPort(this.installation)) !== null) await stop(this.installation);
  }

  private async createDatabase(): Promise<void> {
    const client = await this.connect();
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [NAME]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${NAME} ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0`);
    await client.end();
  }

  /** Connects, and waits while the server recovers from a crash. */
  private async connect(): Promise<import('pg').Client> {
    const { Client } = await import('pg');
    for (let attempt = 1; ; attempt++) {
      const client = new Client({ connectionString: this.url('postgres') });
      try {
        await client.connect();
        return client;
      } catch (cause) {
        const isStarting = ['ECONNREFUSED', '57P03'].includes((cause as { code?: string }).code ?? '');
        if (isStarting && attempt < CONNECT_ATTEMPTS) await pause(CONNECT_INTERVAL_MS);
        else {
          const message = `the embedded PostgreSQL on ${this.data} refuses connections: ${(cause as Error).message}`;
          throw new EmbeddedPostgresError('embedded-postgres.start-failed', message, { cause });
        }
      }
    }
  }
}

/** Creates the server's data. They appear under their name only when they are complete. */
async function initialise(installation: PostgresInstallation, password: string): Promise<void> {
  const draft = `${installation.data}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  if (installation.user !== null) await chown(draft, installation.user.uid, installation.user.gid);
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
        `--pgdata=${draft}`,
        '--auth=scram-sha-256',
        `--username=${NAME}`,
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--locale=C',
        '--no-instructions',
      ],
      { ...(installation.user ?? {}), cwd: '/' },
    );
    await rename(draft, installation.data);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * Returns the password of the server. Only new data get a new one: data without their password belong to an archive whose
 * home is gone or not mounted.
 */
async function readOrCreatePassword(home: string, data: string, isNew: boolean): Promise<string> {
  const file = passwordFileOf(home);
  const known = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (known !== '') return known;
  if (!isNew) {
    const message =
      `${data} contains the database of an archive on ${home}, but ${file} is missing. If ${home} is not mounted, mount ` +
      `it. If that archive is gone for good, remove ${data}`;
    throw new EmbeddedPostgresError('embedded-postgres.password-missing', message);
  }
  const password = randomBytes(24).toString('base64url');
  await writeFile(file, password, { mode: 0o600 });
  return password;
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
