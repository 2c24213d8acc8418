import { setTimeout as pause } from 'node:timers/promises';
import type { EmbeddedPostgres } from '@almagest/embedded-postgres';
import { type Logger, PlatformError } from '@almagest/platform';
import { delayAfter, type RetryPolicy } from '@almagest/retry';
import { Client } from 'pg';

/** A lost database may come back at any time. */
const RETRY: RetryPolicy = {
  initialInterval: 100,
  backoffCoefficient: 2,
  maximumInterval: 10_000,
  maximumAttempts: Infinity,
};
/** Nobody but this process starts the embedded server again: it gives up after about a minute. */
const RETRY_EMBEDDED: RetryPolicy = { ...RETRY, maximumAttempts: 13 };

/** Time until the embedded server is started again while its disk is full, ms. There is no limit to the attempts. */
const FULL_DISK_INTERVAL_MS = 5_000;

/**
 * The database of a standalone archive, locked for this process: a second one on the same database would take the jobs
 * of the first one. When it is lost, connects again, and starts the embedded server again if that has ended.
 */
export class Database {
  /** Rejects when the database is lost for good. */
  readonly lost: Promise<never>;
  private giveUp: (error: unknown) => void = () => undefined;
  private client: Client | undefined;
  private closing = false;

  private constructor(
    private readonly url: string,
    private readonly embedded: EmbeddedPostgres | null,
    private readonly logger: Logger,
  ) {
    this.lost = new Promise<never>((_resolve, reject) => (this.giveUp = reject));
    // Without this, Node would end the process when nobody waits for the promise.
    this.lost.catch(() => undefined);
  }

  /**
   * Locks the database.
   * @param embedded the server of the database if this archive runs it
   * @throws PlatformError `platform.already-running` when another process holds the lock
   */
  static async open(url: string, embedded: EmbeddedPostgres | null, logger: Logger): Promise<Database> {
    const database = new Database(url, embedded, logger);
    await database.connect();
    return database;
  }

  /** Releases the lock. */
  async close(): Promise<void> {
    this.closing = true;
    await this.client?.end();
  }

  private async connect(): Promise<void> {
    const client = new Client({ connectionString: this.url, application_name: 'almagest-standalone', keepAlive: true });
    client.on('error', (error) => this.logger.warn({ error }, 'lost the connection to the database'));
    await client.connect();
    const { rows } = await client.query<{ acquired: boolean }>(
      `SELECT pg_try_advisory_lock(hashtextextended('almagest.standalone', 0)) AS acquired`,
    );
    if (rows[0]?.acquired !== true) {
      await client.end();
      throw new PlatformError('platform.already-running', 'another archive is already running on this database');
    }
    this.client = client;
    client.once('end', () => void this.recover());
  }

  private async recover(): Promise<void> {
    for (let failures = 0; !this.closing;) {
      try {
        await this.embedded?.restart();
        await this.connect();
        this.logger.warn('the database is available again');
        return;
      } catch (error) {
        if (await this.embedded?.isDiskFull()) {
          this.logger.warn({ error }, 'the database does not start: its disk is full');
          await pause(FULL_DISK_INTERVAL_MS);
          continue;
        }
        failures += 1;
        this.logger.warn({ error, failures }, 'the database is not available');
        const isHeldByAnother = error instanceof PlatformError;
        const delay = delayAfter(this.embedded === null ? RETRY : RETRY_EMBEDDED, failures);
        if (isHeldByAnother || delay === null) return this.giveUp(error);
        await pause(delay);
      }
    }
  }
}
