/** What was not used in time cannot be caught up with: at most so much, in ms. */
const BURST = 250;

/** Keeps reading at a rate: says after each piece how long to rest. */
export class Pace {
  /** When what has been read so far is due, in ms of the clock. */
  private due = -Infinity;

  constructor(
    private readonly bytesPerSecond: number,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** Counts bytes that were read; the rest to take before the next ones, in ms. */
  rest(bytes: number): number {
    const now = this.clock();
    this.due = Math.max(this.due, now - BURST) + (bytes / this.bytesPerSecond) * 1000;
    return Math.max(0, this.due - now);
  }
}
