import type { Logger } from '@almagest/platform';
import { Client } from 'pg';
import { reconnectDelay } from '../bus';
import { Rest } from '../rest';

/** What was not announced (a lost connection, another process that died) is found after this long, in ms. */
const LOOK_AT_LEAST_EVERY = 1_000;

export interface ListeningLoopOptions {
  databaseUrl: string;
  /** Names the connection on the server. */
  name: string;
  /** The channel whose notifications wake the loop. */
  channel: string;
  logger: Logger;
  /** Longest wait before the loop reconnects, in ms; that of `RECONNECT` when absent. */
  maximumRetryInterval?: number;
  /** One piece of work, over the loop's connection; true when there may be more. A failure ends the connection. */
  turn: (client: Client) => Promise<boolean>;
  /** Told how many turns or connections have failed in a row; 0 after a turn that did not. */
  onFailures?: (inARow: number) => void;
}

/**
 * Works over a database connection of its own, turn by turn, until it is stopped: as long as there is work, then when
 * it is notified. What the connection holds (advisory locks) falls with it; a new one is made when it is lost, however
 * long the database is away.
 */
export class ListeningLoop {
  private readonly work = new Rest();
  private readonly backOff = new Rest();
  private running: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(private readonly options: ListeningLoopOptions) {}

  get stopped(): boolean {
    return this.isStopped;
  }

  start(): void {
    this.running = this.run();
  }

  /** Looks for work that will be there after a while, in ms. */
  lookIn(ms: number): void {
    setTimeout(() => this.work.wake(), ms).unref();
  }

  /** Ends the turn in hand, then the connection. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.work.wake();
    this.backOff.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    for (let failures = 0; !this.isStopped;) {
      try {
        await this.workUntilBroken(() => {
          failures = 0;
          this.options.onFailures?.(0);
        });
      } catch (error) {
        failures += 1;
        this.options.onFailures?.(failures);
        this.options.logger.warn({ error, failures, loop: this.options.name }, 'turn failed; will try again');
        await this.backOff.upTo(reconnectDelay(failures, this.options.maximumRetryInterval));
      }
    }
  }

  private async workUntilBroken(succeeded: () => void): Promise<void> {
    const { databaseUrl, name, channel, turn } = this.options;
    const client = new Client({
      connectionString: databaseUrl,
      application_name: name,
      // A turn that a crash of the server forgets is done again; it need not wait for the disk.
      options: '-c synchronous_commit=off',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    client.on('error', () => this.work.wake());
    client.on('notification', () => this.work.wake());
    try {
      await client.connect();
      await client.query(`LISTEN "${channel}"`);
      while (!this.isStopped) {
        const more = await turn(client);
        succeeded();
        if (!more) await this.work.upTo(LOOK_AT_LEAST_EVERY);
      }
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
