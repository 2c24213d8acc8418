/** The part of WebAssembly that is used here; Node's types do not declare it. */
declare const WebAssembly: {
  Memory: new (size: { initial: number; maximum: number; shared: true }) => { readonly buffer: SharedArrayBuffer };
};

/** Bytes of a page of WebAssembly memory. */
const PAGE = 64 * 1024;

/**
 * Allocates memory that begins at a page boundary of the machine and that threads can share. Transfers past the page
 * cache need that alignment, which Node's own buffers do not have. The system clears a page when it is first touched.
 * @param size bytes
 */
export function alignedMemory(size: number): Buffer {
  const pages = Math.ceil(size / PAGE);
  return Buffer.from(new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }).buffer, 0, size);
}

/**
 * A fixed set of buffers, each reused once the work on its content has ended. It limits how many bytes are in flight.
 */
export class BufferCycle {
  private readonly free: Buffer[];
  private readonly busy = new Set<Promise<void>>();
  private failure: { reason: unknown } | undefined;

  constructor(buffers: readonly Buffer[]) {
    this.free = [...buffers];
  }

  /**
   * Returns a free buffer, waiting for one if necessary.
   * @throws the failure of any work so far
   */
  async next(): Promise<Buffer> {
    for (;;) {
      if (this.failure !== undefined) throw this.failure.reason;
      const buffer = this.free.pop();
      if (buffer !== undefined) return buffer;
      await Promise.race(this.busy);
    }
  }

  /** Makes the buffer free again when this work has ended, with or without success. */
  release(buffer: Buffer, work: Promise<unknown>): void {
    const ended: Promise<void> = work
      .then(
        () => undefined,
        (reason: unknown) => void (this.failure ??= { reason }),
      )
      .finally(() => {
        this.free.push(buffer);
        this.busy.delete(ended);
      });
    this.busy.add(ended);
  }

  /**
   * Resolves when all work has succeeded.
   * @throws the failure of any work, once all work has ended
   */
  async finish(): Promise<void> {
    await this.settle();
    if (this.failure !== undefined) throw this.failure.reason;
  }

  /** Resolves when all work has ended, with or without success. */
  async settle(): Promise<void> {
    await Promise.all(this.busy);
  }
}
