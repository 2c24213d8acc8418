import { alignedMemory } from '@almagest/object-store';

interface Claim {
  amount: number;
  grant: () => void;
}

/** A bounded amount of something (parts at a time, bytes of memory) that tasks share, first come first served. */
export class Allowance {
  private used = 0;
  private readonly queue: Claim[] = [];

  constructor(readonly total: number) {}

  /**
   * Waits until `amount` is free and takes it; disposing of the result releases it.
   * @throws RangeError when `amount` exceeds the total; the signal's reason when it aborts while the claim is queued
   */
  async acquire(amount: number, signal: AbortSignal): Promise<Disposable> {
    if (amount > this.total) throw new RangeError(`${amount} exceeds the total of ${this.total}`);
    await this.claim(amount, signal);
    return {
      [Symbol.dispose]: () => {
        this.used -= amount;
        this.grantWaiting();
      },
    };
  }

  private async claim(amount: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const claim: Claim = {
        amount,
        grant: () => {
          signal.removeEventListener('abort', remove);
          resolve();
        },
      };
      const remove = (): void => {
        this.queue.splice(this.queue.indexOf(claim), 1);
        reject(signal.reason as Error);
        this.grantWaiting();
      };
      signal.addEventListener('abort', remove, { once: true });
      this.queue.push(claim);
      this.grantWaiting();
    });
  }

  /** In order of arrival: small claims must not overtake a large one for ever. */
  private grantWaiting(): void {
    for (let next = this.queue[0]; next && this.used + next.amount <= this.total; next = this.queue[0]) {
      this.queue.shift();
      this.used += next.amount;
      next.grant();
    }
  }
}

/** Buffers of one size; disposing of them gives them back. */
export interface ChunkBuffers extends Disposable {
  readonly buffers: readonly Buffer[];
}

/**
 * The memory for chunks on their way to the store, bounded for the whole process. Buffers are reused: the system would
 * have to clear new ones, and old ones would wait for the garbage collector.
 */
export class ChunkMemory {
  private readonly allowance: Allowance;
  private kept: Buffer[] = [];

  /** @param total bytes */
  constructor(readonly total: number) {
    this.allowance = new Allowance(total);
  }

  /**
   * Waits until there is room, and returns `count` buffers of `size` bytes each, with undefined contents.
   * @throws RangeError when they exceed the total; the signal's reason when it aborts while the claim is queued
   */
  async acquire(count: number, size: number, signal: AbortSignal): Promise<ChunkBuffers> {
    const share = await this.allowance.acquire(count * size, signal);
    const buffers = this.take(count, size);
    return {
      buffers,
      [Symbol.dispose]: () => {
        this.kept.push(...buffers);
        share[Symbol.dispose]();
      },
    };
  }

  private take(count: number, size: number): Buffer[] {
    // Kept buffers of another size would exceed the total.
    const fitting = this.kept.filter((buffer) => buffer.length === size);
    const buffers = fitting.splice(0, count);
    this.kept = fitting;
    while (buffers.length < count) buffers.push(alignedMemory(size));
    return buffers;
  }
}
