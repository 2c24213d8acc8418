import { DomainError } from '@almagest/platform';
import { queries, refusedQueries } from '../search.metrics';

interface Waiting {
  caller: string;
  start: () => void;
}

/**
 * Lets a number of queries run at the same time. The others wait; the next one is that of the caller with the fewest
 * running queries, so that a caller with many does not block the others.
 */
export class QuerySlots {
  private readonly running = new Map<string, number>();
  private total = 0;
  private waiting: Waiting[] = [];

  constructor(private readonly limits: { readonly running: number; readonly waiting: number }) {}

  /**
   * Waits for a slot, and returns the function that frees it.
   * @throws DomainError `search.too-many-queries` when too many wait; the reason of the signal
   */
  async take(caller: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.total < this.limits.running) return this.start(caller);
    if (this.waiting.length >= this.limits.waiting) {
      refusedQueries.inc();
      const message = 'The archive runs as many queries as it can, and as many wait; try again later';
      throw new DomainError('unavailable', 'search.too-many-queries', message, { headers: { 'Retry-After': '10' } });
    }
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.waiting = this.waiting.filter((other) => other !== entry);
        this.measure();
        reject(signal.reason as Error);
      };
      const entry: Waiting = {
        caller,
        start: () => {
          signal.removeEventListener('abort', giveUp);
          resolve(this.start(caller));
        },
      };
      this.waiting.push(entry);
      this.measure();
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  private start(caller: string): () => void {
    this.running.set(caller, this.runningOf(caller) + 1);
    this.total += 1;
    this.measure();
    let isFreed = false;
    return () => {
      if (isFreed) return;
      isFreed = true;
      this.free(caller);
    };
  }

  private free(caller: string): void {
    const left = this.runningOf(caller) - 1;
    if (left === 0) this.running.delete(caller);
    else this.running.set(caller, left);
    this.total -= 1;
    const fewest = Math.min(...this.waiting.map((entry) => this.runningOf(entry.caller)));
    const next = this.waiting.findIndex((entry) => this.runningOf(entry.caller) === fewest);
    if (next >= 0) this.waiting.splice(next, 1)[0]?.start();
    this.measure();
  }

  private measure(): void {
    queries.set({ state: 'running' }, this.total);
    queries.set({ state: 'waiting' }, this.waiting.length);
  }

  private runningOf(caller: string): number {
    return this.running.get(caller) ?? 0;
  }
}
