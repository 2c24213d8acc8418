import { ListeningLoop } from '@almagest/messaging';
import { DomainError, type Logger } from '@almagest/platform';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Client } from 'pg';
import { CHANGES_CHANNEL } from '../content/content.repository';
import { changesWaiting } from '../search.metrics';

/** Seconds after which a refused request may be sent again. */
const RETRY_AFTER = '10';

/** Wakes those who wait for a change, over one connection that listens for all of them. */
export class ChangeSignal implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: ListeningLoop;
  private readonly waiting = new Set<(mayHaveChanged: boolean) => void>();
  private newest = '';
  private isStopped = false;

  /** @param limit of how many may wait at the same time */
  constructor(
    databaseUrl: string,
    private readonly limit: number,
    logger: Logger,
  ) {
    this.loop = new ListeningLoop({
      databaseUrl,
      name: 'almagest-search-changes',
      channel: CHANGES_CHANNEL,
      logger,
      turn: (client) => this.look(client),
    });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  /** Ends every wait, so that the requests are answered before the server closes. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    this.wakeAll(false);
    await this.loop.stop();
  }

  /**
   * Begins to wait for the next change. Call it before you look for changes: one that is committed after the look is not
   * missed.
   * @param seconds at most
   * @returns `over`, which resolves to true when there may be a change, and to false when the time, the signal or the
   *   process ends; and `end`
   * @throws DomainError `search.too-many-waiting`
   */
  begin(seconds: number, signal: AbortSignal): { over: Promise<boolean>; end: () => void } {
    if (this.waiting.size >= this.limit) {
      const message = `${this.limit} clients wait for changes already; try again later, or without wait`;
      throw new DomainError('unavailable', 'search.too-many-waiting', message, {
        headers: { 'Retry-After': RETRY_AFTER },
      });
    }
    let end = (): void => undefined;
    const over = new Promise<boolean>((resolve) => {
      const giveUp = (): void => resolve(false);
      const timer = setTimeout(giveUp, this.isStopped ? 0 : seconds * 1000);
      signal.addEventListener('abort', giveUp, { once: true });
      this.waiting.add(resolve);
      end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        this.waiting.delete(resolve);
        changesWaiting.set(this.waiting.size);
      };
    });
    changesWaiting.set(this.waiting.size);
    return { over, end };
  }

  /** Wakes everyone if there is a change since the last look. */
  private async look(client: Client): Promise<boolean> {
    const { rows } = await client.query<{ newest: string }>(
      `SELECT COALESCE(max(change_id), 0) AS newest FROM search.change`,
    );
    const [{ newest } = { newest: '' }] = rows;
    if (newest !== this.newest) this.wakeAll(true);
    this.newest = newest;
    return false;
  }

  private wakeAll(mayHaveChanged: boolean): void {
    for (const wake of this.waiting) wake(mayHaveChanged);
  }
}
