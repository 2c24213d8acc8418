import { Worker } from 'node:worker_threads';
import { CUT, hashLoop, type HashLoopOptions, type Memory, type Steps, SUM, ZEROS } from './hash-loop';

/**
 * SHA-256 on a thread of its own: of what it is told to hash between one `cut` and the next. The bytes lie in memory that
 * is shared with it; they may change only when it has answered the steps that concern them. It can keep a CRC-32 too.
 */
export class HashThread {
  private readonly worker: Worker;
  private steps: Steps = [];
  private handed = 0;
  private answered = 0;
  private readonly takers: ((digest: string) => void)[] = [];
  private waiting: (() => void)[] = [];
  private failure: Error | undefined;

  constructor({ keepsSum }: Pick<HashLoopOptions, 'keepsSum'>) {
    const options: HashLoopOptions = { keepsSum, crc32: require.resolve('@node-rs/crc32') };
    this.worker = new Worker(`(${hashLoop.toString()})()`, {
      eval: true,
      env: {},
      execArgv: [],
      name: 'sha256',
      workerData: options,
      // It keeps nothing but one hash and some digests.
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
    });
    this.worker.on('message', (digests: string[]) => this.onAnswer(digests));
    this.worker.on('error', (error: Error) => this.fail(error));
    this.worker.on('exit', () => this.fail(new Error('the hashing thread has ended')));
  }

  /** What is said from now on is about this memory. */
  use(memory: Memory): void {
    this.worker.postMessage(memory);
  }

  /** The next bytes are these of the memory. They never reach beyond a buffer. */
  update(at: number, length: number): void {
    const last = this.steps.length - 2;
    const [before, sofar] = [this.steps[last] ?? ZEROS, this.steps[last + 1] ?? 0];
    if (before >= 0 && before + sofar === at) this.steps[last + 1] = sofar + length;
    else this.steps.push(at, length);
  }

  /** The next bytes are so many zeros. */
  zeros(length: number): void {
    const last = this.steps.length - 2;
    if (this.steps[last] === ZEROS) this.steps[last + 1] = (this.steps[last + 1] ?? 0) + length;
    else this.steps.push(ZEROS, length);
  }

  /** Asks for the digest of what came since the last cut; it is given to `take` by the end of `drain` at the latest. */
  cut(take: (sha256: string) => void): void {
    this.takers.push(take);
    this.steps.push(CUT, 0);
  }

  /** Asks for the CRC-32 of what came since the last sum, in the same way. */
  sum(take: (crc32: string) => void): void {
    this.takers.push(take);
    this.steps.push(SUM, 0);
  }

  /** Lets the thread begin with what it was told since the last time. */
  handOver(): void {
    if (this.steps.length === 0) return;
    this.worker.postMessage(this.steps);
    this.steps = [];
    this.handed += 1;
  }

  /**
   * Resolves when the thread is done with all it was told until now, and every digest of it has been given out.
   * @throws the thread's failure
   */
  async drain(): Promise<void> {
    this.handOver();
    const { handed } = this;
    while (this.answered < handed && this.failure === undefined) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    if (this.failure !== undefined) throw this.failure;
  }

  /** Ends the thread; it may be in the middle of something. */
  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private onAnswer(digests: readonly string[]): void {
    this.answered += 1;
    for (const digest of digests) this.takers.shift()?.(digest);
    this.wake();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.wake();
  }

  private wake(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
