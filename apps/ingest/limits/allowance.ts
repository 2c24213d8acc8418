interface Claim {
  amount: number;
  grant: () => void;
}

/** A bounded amount of something (parts at a time, bytes of memory) that pieces of work share, first come first served. */
export class Allowance {
  private taken = 0;
  private readonly waiting: Claim[] = [];

  constructor(readonly total: number) {}

  /**
   * Runs `work` once `amount` is free, and frees it again when the work has ended.
   * @throws RangeError when there is not so much in all; the signal's reason when it is aborted before its turn
   */
  async during<T>(amount: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (amount > this.total) throw new RangeError(`${amount} of ${this.total} cannot be had`);
    await this.claim(amount, signal);
    try {
      return await work();
    } finally {
      this.taken -= amount;
      this.grantWaiting();
    }
  }

  private async claim(amount: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const claim: Claim = {
        amount,
        grant: () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      const giveUp = (): void => {
        this.waiting.splice(this.waiting.indexOf(claim), 1);
        reject(signal.reason as Error);
        this.grantWaiting();
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.waiting.push(claim);
      this.grantWaiting();
    });
  }

  /** In the order they came: a large claim is not passed by small ones for ever. */
  private grantWaiting(): void {
    for (let next = this.waiting[0]; next && this.taken + next.amount <= this.total; next = this.waiting[0]) {
      this.waiting.shift();
      this.taken += next.amount;
      next.grant();
    }
  }
}
