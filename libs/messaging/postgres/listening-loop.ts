import type { Logger } from '@almagest/platform';
import { Client } from 'pg';
import { reconnectDelay } from '../bus';

/** Work without a notification (after a lost connection, or of a process that died) is found after this long, in ms. */
const POLL_EVERY_MS = 1_000;

export interface ListeningLoopOptions {
  databaseUrl: string;
  /** Names the connection on the server. */
  name: string;
  /** The channel whose notifications wake the loop; absent: `wake` does. */
  channel?: string | undefined;
  logger: Logger;
  /** Longest wait before the loop reconnects, in ms; that of `RECONNECT` when absent. */
  maximumRetryInterval?: number;
  /** Does one piece of work over the loop's connection; true when there may be more. A failure ends the connection. */
  turn: (client: Client) => Promise<boolean>;
  /** Called with the payload of each notification. */
  onNotification?: ((payload: string) => void) | undefined;
  /** Called with the number of consecutive failures of turns or connections; 0 after a successful turn. */
  onFailures?: (consecutive: number) => void;
}

/** A wait that can be ended early. A wake-up while nobody waits ends the next wait immediately, so it is never lost. */
class WakeableTimer {
  isWaiting = false;
  private isWoken = false;
  private end: () => void = () => undefined;

  wake(): void {
    this.isWoken = true;
    this.end();
  }

  async wait(ms: number): Promise<void> {
    if (!this.isWoken) {
      this.isWaiting = true;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.end = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.isWaiting = false;
    }
    this.isWoken = false;
  }
}

/**
 * Works in turns over a database connection of its own, until it is stopped: while there is work, then when it is
 * notified. The advisory locks of the connection end with it. A lost connection is replaced, however long the database
 * is unavailable.
 */
export class ListeningLoop {
  private readonly work = new WakeableTimer();
  private readonly backOff = new WakeableTimer();
  private running: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(private readonly options: ListeningLoopOptions) {}

  get stopped(): boolean {
    return this.isStopped;
  }

  /** Whether it waits for work. */
  get isWaiting(): boolean {
    return this.work.isWaiting;
  }

  start(): void {
    this.running = this.run();
  }

  /** Looks for work now, or after the current turn. */
  wake(): void {
    this.work.wake();
  }

  /** Looks for work after so many ms. */
  lookIn(ms: number): void {
    setTimeout(() => this.work.wake(), ms).unref();
  }

  /** Finishes the current turn, then closes the connection. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.work.wake();
    this.backOff.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    for (let failures = 0; !this.isStopped;) {
      try {
        await this.workUntilFailure(() => {
          failures = 0;
          this.options.onFailures?.(0);
        });
      } catch (error) {
        failures += 1;
        this.options.onFailures?.(failures);
        this.options.logger.warn({ error, failures, loop: this.options.name }, 'loop failed; retrying');
        await this.backOff.wait(reconnectDelay(failures, this.options.maximumRetryInterval));
      }
    }
  }

  private async workUntilFailure(succeeded: () => void): Promise<void> {
    const { databaseUrl, name, channel, turn, onNotification } = this.options;
    const client = new Client({
      connectionString: databaseUrl,
      application_name: name,
      // A turn need not wait for the disk: if a crash of the server loses it, it is done again.
      options: '-c synchronous_commit=off',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    client.on('error', () => this.work.wake());
    client.on('notification', ({ payload = '' }) => {
      onNotification?.(payload);
      this.work.wake();
    });
    try {
      await client.connect();
      if (channel !== undefined) await client.query(`LISTEN "${channel}"`);
      while (!this.isStopped) {
        const more = await turn(client);
        succeeded();
        if (!more) await this.work.wait(POLL_EVERY_MS);
      }
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
