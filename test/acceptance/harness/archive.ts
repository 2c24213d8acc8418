import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import type { ServiceName } from '@almagest/contracts';
import { type BusPublisher, PostgresBusPublisher } from '@almagest/messaging';
import type { Failpoint } from '@almagest/platform';
import type { Pool } from 'pg';
import { onServer, urlOf } from '../../harness/database-server';
import { ArchiveClient } from './archive-client';
import { ArchiveProcess, type Ending } from './archive-process';
import { IS_SEPARATE, TEMPLATE } from './built';
import { isAlive, postgresOf, stopPostgres } from './embedded-server';
import { Mailbox, mailsIn } from './mailbox';
import { EXAMPLES } from './sample';
import { RealEngines, serviceUrl } from './real-engines';
import { waitFor } from '../../harness/wait-for';

export interface ArchiveOptions {
  /** Configuration in addition to that of every archive in the tests. */
  env?: Readonly<Record<string, string>>;
  /** Lines of the token file; the first token is the client's. Without them the archive generates one. */
  tokens?: readonly string[];
  /** The failpoint at which the first process of the archive kills itself. */
  failpoint?: Failpoint;
  /**
   * Runs the embedded PostgreSQL, as a user's archive does; otherwise it has a database on the server of the test run.
   */
  embedded?: boolean;
}

/**
 * An archive with its own home in the temporary directory: a standalone one, or one of separate services on real
 * engines. It can die and be started again on the same home. `remove` removes everything.
 */
export class Archive {
  readonly mailbox: Mailbox;
  private process: ArchiveProcess | undefined;
  private connected: ArchiveClient | undefined;
  /** The ending that a test expected. */
  private expectedEnding: Ending | undefined;

  private constructor(
    private readonly directory: string,
    /** The database on the server of the test run; null when the archive runs its own server. */
    private readonly database: string | null,
    private readonly env: Readonly<Record<string, string>>,
  ) {
    this.mailbox = new Mailbox(IS_SEPARATE ? this.engines.mails : mailsIn(join(this.home, 'mail')));
  }

  static async start({ env = {}, tokens, failpoint, embedded = false }: ArchiveOptions = {}): Promise<Archive> {
    const directory = await mkdtemp(join(tmpdir(), 'almagest-acceptance-'));
    // PostgreSQL runs as another user when root runs the tests.
    await chmod(directory, 0o755);
    const archive = new Archive(directory, embedded || IS_SEPARATE ? null : await copyTemplate(), env);
    for (const folder of [archive.home, archive.inbox, archive.outside]) await mkdir(folder);
    if (tokens !== undefined) await writeFile(archive.tokenFile, `${tokens.join('\n')}\n`, { mode: 0o600 });
    await archive.launch(failpoint);
    return archive;
  }

  /** The home directory of the archive. */
  get home(): string {
    return join(this.directory, 'home');
  }

  /** Returns the keys of all objects in the store below a folder. */
  async stored(folder: string): Promise<string[]> {
    if (IS_SEPARATE) return this.engines.stored(folder);
    const files = await filesBelow(join(this.home, 'store', folder));
    return files.map((path) => relative(join(this.home, 'store'), path));
  }

  /** Returns the bytes of an object in the store. */
  async read(key: string): Promise<Buffer> {
    return IS_SEPARATE ? this.engines.object(key) : readFile(join(this.home, 'store', key));
  }

  /** Writes an object to the store without the archive; null removes it. */
  async tamper(key: string, bytes: Uint8Array | null): Promise<void> {
    if (IS_SEPARATE) return this.engines.tamper(key, bytes);
    const path = join(this.home, 'store', key);
    if (bytes === null) return rm(path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }

  /** Returns the names of the staged raw data. */
  async staged(): Promise<string[]> {
    const keys = IS_SEPARATE ? await this.engines.staged() : await filesBelow(join(this.home, 'staging'));
    return keys
      .map((key) => basename(key))
      .filter((name) => name.endsWith('.tar'))
      .sort();
  }

  /** Returns the number of unfinished uploads in the object store. */
  async unfinishedUploads(): Promise<number> {
    if (IS_SEPARATE) return this.engines.unfinishedUploads();
    // Interrupted writes and removals leave files with a suffix; the store removes them after a day (PUT.md).
    const isUpload = (name: string): boolean => !/\.(new|gone|put)$/.test(name);
    return (await readdir(join(this.home, 'store', '.uploads'))).filter(isUpload).length;
  }

  /** A directory that the archive may read deliveries from. */
  get inbox(): string {
    return join(this.directory, 'inbox');
  }

  /** A directory that the archive may not read from. */
  get outside(): string {
    return join(this.directory, 'outside');
  }

  /** A client of the current process. */
  get client(): ArchiveClient {
    if (this.connected === undefined) throw new Error('the archive does not run');
    return this.connected;
  }

  /**
   * Starts it, or starts what has died of it, and waits until it listens, or has killed itself at the failpoint: it resumes
   * what it left unfinished while it starts.
   */
  async launch(failpoint?: Failpoint): Promise<void> {
    if (IS_SEPARATE && this.process?.isRunning === true) {
      this.process.restartServices(failpoint);
      await this.process.listens();
      return;
    }
    this.process = ArchiveProcess.spawn({
      ALMAGEST_HOME: this.home,
      PORT: '0',
      SOURCE_ROOTS: `${this.inbox},${EXAMPLES}`,
      RETRY_MAXIMUM_SECONDS: '0.05',
      ...(this.database === null ? {} : { DATABASE_URL: urlOf(this.database) }),
      ...this.env,
      ...(failpoint === undefined ? {} : { FAILPOINT: failpoint }),
    });
    const url = await this.process.listens().catch((error: unknown) => {
      if (failpoint !== undefined && this.process?.isKilled === true) return null;
      throw error;
    });
    if (url === null) return;
    const [, , token = ''] = (await this.tokenLines())[0]?.split(/\s+/) ?? [];
    this.connected = new ArchiveClient(url, token);
  }

  /** Restarts it so that it kills itself at the failpoint; of separate services, only the one of the failpoint. */
  async arm(failpoint: Failpoint): Promise<void> {
    if (!IS_SEPARATE) await this.stop();
    await this.launch(failpoint);
  }

  /** Kills it like a power cut. An embedded PostgreSQL server keeps running as an orphan. */
  async kill(): Promise<Ending> {
    return this.expectEnding(this.running().end('SIGKILL'));
  }

  /** Waits until it, or one of its separate services, has killed itself at its failpoint. */
  async died(): Promise<Ending> {
    return this.expectEnding(this.running().died());
  }

  /** Stops it as an operator does, with everything that it started. */
  async stop(): Promise<Ending> {
    const postgres = await postgresOf(this.home);
    const ending = await this.running().end('SIGTERM');
    if (postgres !== null) await waitFor('PostgreSQL to end', async () => !isAlive(postgres.pid));
    return ending;
  }

  /**
   * Stops the archive if it runs, and removes the home.
   * @throws Error when the archive died unexpectedly, or exits with an error
   */
  async remove(): Promise<void> {
    const { isRunning, output } = this.running();
    const ending = isRunning ? await this.stop() : await this.running().ended();
    if (this.database === null) await stopPostgres(this.home);
    else await dropDatabase(this.database);
    await rm(this.directory, { recursive: true, force: true });
    if (ending.code !== 0 && ending !== this.expectedEnding)
      throw new Error(`the archive died (${ending.signal}):\n${output}`);
  }

  /** Returns the URL of a single service; that of the archive if it is standalone. */
  async urlOf(service: ServiceName): Promise<string> {
    return IS_SEPARATE ? serviceUrl(join(this.home, 'services.json'), service) : this.client.url;
  }

  /** Returns a publisher on the archive's bus. */
  async publisher(pool: Pool): Promise<BusPublisher> {
    return IS_SEPARATE ? this.engines.publisher() : new PostgresBusPublisher(pool);
  }

  /** Returns the URL of the archive's database. */
  async databaseUrl(): Promise<string> {
    if (IS_SEPARATE) return this.engines.databaseUrl();
    if (this.database !== null) return urlOf(this.database);
    const server = await postgresOf(this.home);
    if (server === null) throw new Error('no PostgreSQL server is running on this home');
    return server.url;
  }

  /** Returns the log of all the archive's processes. */
  async log(): Promise<string> {
    const logs = join(this.home, 'logs');
    const files = IS_SEPARATE
      ? (await readdir(logs)).map((name) => join(logs, name))
      : [join(this.home, 'almagest.log')];
    return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('');
  }

  private get engines(): RealEngines {
    return new RealEngines(join(this.home, 'engines.json'));
  }

  private get tokenFile(): string {
    return join(this.home, 'service-tokens');
  }

  private async tokenLines(): Promise<string[]> {
    const text = await readFile(this.tokenFile, 'utf8');
    return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  }

  private async expectEnding(ending: Promise<Ending>): Promise<Ending> {
    this.expectedEnding = await ending;
    return this.expectedEnding;
  }

  private running(): ArchiveProcess {
    if (this.process === undefined) throw new Error('the archive was never started');
    return this.process;
  }
}

/** Creates a database for one archive and returns its name. */
async function copyTemplate(): Promise<string> {
  const name = `archive_${randomBytes(6).toString('hex')}`;
  await onServer((server) => server.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`));
  return name;
}

async function dropDatabase(name: string): Promise<void> {
  await onServer((server) => server.query(`DROP DATABASE ${name} WITH (FORCE)`));
}

async function filesBelow(directory: string): Promise<string[]> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
