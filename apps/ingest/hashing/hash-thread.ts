import { Worker } from 'node:worker_threads';
import { hashLoop, type SharedMemory, type Stretch } from './hash-loop';

const SLOT = 1024 * 1024;
const SLOTS = 4;
/** Cuts that a stretch may have before it is handed over although it is not full: empty files take no bytes. */
const MOST_CUTS = 4096;
/** A thread that hashes nothing for so long has died without a word, in ms. */
const PATIENCE = 30_000;

/** Bytes that one thread's shared memory takes. */
export const HASH_THREAD_BYTES = SLOT * SLOTS;

/**
 * SHA-256 on a thread of its own: of what is given to `update` between one `cut` and the next. Bytes are copied into
 * shared memory (a few percent of what hashing them costs), so they need to hold during the call only.
 */
export class HashThread {
  private readonly bytes: Buffer;
  private readonly done: Int32Array;
  private readonly worker: Worker;
  private handedOver = 0;
  private length = 0;
  private cuts: number[] = [];
  private readonly takers: ((sha256: string) => void)[] = [];
  private waiting: (() => void)[] = [];
  private failure: Error | undefined;

  constructor() {
    const memory: SharedMemory = {
      bytes: new SharedArrayBuffer(HASH_THREAD_BYTES),
      done: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT),
    };
    this.bytes = Buffer.from(memory.bytes);
    this.done = new Int32Array(memory.done);
    this.worker = new Worker(`(${hashLoop.toString()})()`, {
      eval: true,
      env: {},
      execArgv: [],
      name: 'sha256',
      workerData: memory,
      // It keeps nothing but one hash and some digests.
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
    });
    this.worker.on('message', (digests: string[]) => this.onHashed(digests));
    this.worker.on('error', (error: Error) => this.fail(error));
    this.worker.on('exit', () => this.fail(new Error('the hashing thread has ended')));
  }

  /**
   * Takes the next bytes. Blocks while the shared memory is full, as hashing on this thread would: await `backlog`
   * between calls and that does not happen.
   */
  update(bytes: Uint8Array): void {
    for (let rest = bytes; rest.length > 0;) {
      if (this.length === 0) this.awaitSlot();
      const piece = rest.subarray(0, SLOT - this.length);
      const at = this.start + this.length;
      // Not `set`: that goes byte by byte into shared memory, where the two are aligned differently.
      this.bytes.fill(piece, at, at + piece.length);
      this.length += piece.length;
      rest = rest.subarray(piece.length);
      if (this.length === SLOT) this.handOver();
    }
  }

  /** Asks for the digest of what came since the last cut; it is given to `take` by the end of `drain` at the latest. */
  cut(take: (sha256: string) => void): void {
    this.takers.push(take);
    this.cuts.push(this.length);
    if (this.cuts.length === MOST_CUTS) this.handOver();
  }

  /** Resolves when there is room for a good piece again; null when there is. */
  backlog(): Promise<void> | null {
    if (this.failure !== undefined) throw this.failure;
    return this.free > 1 ? null : this.until(() => this.free > 1);
  }

  /**
   * Resolves when every digest has been given out.
   * @throws the thread's failure
   */
  async drain(): Promise<void> {
    if (this.length > 0 || this.cuts.length > 0) this.handOver();
    await this.until(() => this.takers.length === 0);
  }

  /** Ends the thread; it may be in the middle of something. */
  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private get start(): number {
    return (this.handedOver % SLOTS) * SLOT;
  }

  /** Slots that are not on their way; the one being filled is among them. */
  private get free(): number {
    return SLOTS - (this.handedOver - Atomics.load(this.done, 0));
  }

  private awaitSlot(): void {
    while (this.free <= 0 && this.failure === undefined) {
      const outcome = Atomics.wait(this.done, 0, Atomics.load(this.done, 0), PATIENCE);
      if (outcome === 'timed-out') this.fail(new Error('the hashing thread does not answer'));
    }
    if (this.failure !== undefined) throw this.failure;
  }

  private async until(isSo: () => boolean): Promise<void> {
    while (!isSo() && this.failure === undefined) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    if (this.failure !== undefined) throw this.failure;
  }

  private handOver(): void {
    const stretch: Stretch = { start: this.start, length: this.length, cuts: this.cuts };
    this.handedOver += 1;
    this.length = 0;
    this.cuts = [];
    this.worker.postMessage(stretch);
  }

  private onHashed(digests: readonly string[]): void {
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
