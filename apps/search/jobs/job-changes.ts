import { EventEmitter } from 'node:events';
import type { Logger } from '@almagest/platform';
import { delayAfter, type RetryPolicy } from '@almagest/retry';
import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { Client } from 'pg';

/** The channel of the trigger that announces changes; the payload is the id of the job. */
const CHANNEL = 'search_job';
const RECONNECT: RetryPolicy = {
  initialInterval: 100,
  backoffCoefficient: 2,
  maximumInterval: 5_000,
  maximumAttempts: Infinity,
};

/** The changes of one job since this object exists. */
export interface ChangesOfJob {
  /**
   * Resolves when the job may have changed since the last call; false when nobody should wait for more, because the
   * signal aborted or the service shuts down.
   */
  next(signal: AbortSignal): Promise<boolean>;
  close(): void;
}

/**
 * Learns of changes of jobs over one connection that listens, from whichever process makes them. After the connection was
 * lost, everyone who waits looks again.
 */
export class JobChanges implements OnModuleInit, BeforeApplicationShutdown {
  private readonly events = new EventEmitter().setMaxListeners(0);
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;
  private isClosed = false;

  constructor(
    private readonly databaseUrl: string,
    private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.connect();
  }

  /** Everyone who waits looks again. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
    this.wakeAll();
  }

  /** Begins to listen for changes of a job. The caller closes the result. */
  of(id: string): ChangesOfJob {
    let hasChanged = false;
    let wake = (): void => undefined;
    const changed = (): void => {
      hasChanged = true;
      wake();
    };
    this.events.on(id, changed);
    return {
      next: async (signal) => {
        if (!hasChanged && !signal.aborted && !this.isClosed) {
          await new Promise<void>((resolve) => {
            wake = resolve;
            signal.addEventListener('abort', () => resolve(), { once: true });
          });
        }
        hasChanged = false;
        return !signal.aborted && !this.isClosed;
      },
      close: () => void this.events.off(id, changed),
    };
  }

  private async connect(): Promise<void> {
    const client = new Client({
      connectionString: this.databaseUrl,
      application_name: 'almagest-search-jobs',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    client.on('notification', ({ payload = '' }) => void this.events.emit(payload));
    client.on('error', (error) => this.logger.warn({ error }, 'connection that listens for jobs lost'));
    client.once('end', () => this.reconnectLater());
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    this.client = client;
    this.failures = 0;
    this.wakeAll();
  }

  private reconnectLater(): void {
    if (this.isClosed) return;
    clearTimeout(this.timer);
    this.failures += 1;
    this.timer = setTimeout(
      () => {
        this.connect().catch((error: unknown) => {
          this.logger.warn({ error }, 'cannot listen for jobs; retrying');
          this.reconnectLater();
        });
      },
      delayAfter(RECONNECT, this.failures) ?? RECONNECT.maximumInterval,
    );
  }

  private wakeAll(): void {
    for (const id of this.events.eventNames()) this.events.emit(id);
  }
}
