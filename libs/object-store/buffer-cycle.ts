/**
 * Buffers that are filled in turn, each free again when the work on what was in it has ended; so there are never more
 * bytes on their way than fit into them.
 */
export class BufferCycle {
  private readonly free: Buffer[];
  private readonly busy = new Set<Promise<void>>();
  private failure: { reason: unknown } | undefined;

  constructor(buffers: readonly Buffer[]) {
    this.free = [...buffers];
  }

  /**
   * A buffer to fill, when one is free.
   * @throws the failure of a work
   */
  async next(): Promise<Buffer> {
    for (;;) {
      if (this.failure !== undefined) throw this.failure.reason;
      const buffer = this.free.pop();
      if (buffer !== undefined) return buffer;
      await Promise.race(this.busy);
    }
  }

  /** The buffer is free again when this work has ended, however it ends. */
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
   * Resolves when all work has ended well.
   * @throws the failure of a work, when all have ended
   */
  async finish(): Promise<void> {
    await this.settle();
    if (this.failure !== undefined) throw this.failure.reason;
  }

  /** Resolves when all work has ended, whatever became of it. */
  async settle(): Promise<void> {
    await Promise.all(this.busy);
  }
}
