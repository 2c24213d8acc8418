import type { Logger } from './logging';

/** Runs work at once and then at an interval, never twice at the same time, until it is stopped. A failure is logged. */
export class Periodic {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private isRunning = false;
  private readonly abort = new AbortController();

  /**
   * @param name of the work, for the log
   * @param interval milliseconds
   * @param work gets a signal that aborts when it is to stop
   */
  constructor(
    private readonly name: string,
    private readonly interval: number,
    private readonly work: (signal: AbortSignal) => Promise<void>,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.run();
    this.timer = setInterval(() => this.run(), this.interval).unref();
  }

  /** Waits until the current run has ended. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.abort.abort();
    await this.running;
  }

  /** Skips a run while the one before takes longer than the interval. */
  private run(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.running = this.work(this.abort.signal)
      .catch((error: unknown) => this.logger.warn({ error }, `${this.name} failed`))
      .finally(() => (this.isRunning = false));
  }
}
