import { EventEmitter } from 'node:events';
import { ListeningLoop } from '@almagest/messaging';
import type { Logger } from '@almagest/platform';
import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { Client } from 'pg';

/** The channel of the trigger that announces changes; the payload is the id of the job. */
const CHANNEL = 'search_job';

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
  private readonly loop: ListeningLoop;
  private client: Client | undefined;
  private isClosed = false;

  constructor(databaseUrl: string, logger: Logger) {
    this.loop = new ListeningLoop({
      databaseUrl,
      name: 'almagest-search-jobs',
      channel: CHANNEL,
      logger,
      onNotification: (id) => void this.events.emit(id),
      turn: (client) => this.look(client),
    });
  }

  onModuleInit(): void {
    this.loop.start();
  }

  /** Everyone who waits looks again. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isClosed = true;
    this.wakeAll();
    await this.loop.stop();
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

  /** Fails when the connection is lost. Nobody knows what changed before there was a new one. */
  private async look(client: Client): Promise<boolean> {
    await client.query('SELECT');
    if (client !== this.client) this.wakeAll();
    this.client = client;
    return false;
  }

  private wakeAll(): void {
    for (const id of this.events.eventNames()) this.events.emit(id);
  }
}
