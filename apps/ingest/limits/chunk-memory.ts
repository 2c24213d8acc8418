import { alignedMemory } from '@almagest/object-store';
import { Allowance } from './allowance';

/**
 * The memory of chunks on their way to the store, bounded for the whole process. Buffers are used again: new ones would
 * have to be cleared by the system, and wait for the garbage collector afterwards.
 */
export class ChunkMemory {
  private readonly allowance: Allowance;
  private kept: Buffer[] = [];

  /** @param total bytes */
  constructor(readonly total: number) {
    this.allowance = new Allowance(total);
  }

  /**
   * Lends `count` buffers of `size` bytes each, when there is room for them. Their contents are anything.
   * @throws RangeError when there is not so much in all; the signal's reason when it is aborted before
   */
  async lend<T>(
    count: number,
    size: number,
    signal: AbortSignal,
    work: (buffers: readonly Buffer[]) => Promise<T>,
  ): Promise<T> {
    return this.allowance.during(count * size, signal, async () => {
      const buffers = this.take(count, size);
      try {
        return await work(buffers);
      } finally {
        this.kept.push(...buffers);
      }
    });
  }

  private take(count: number, size: number): Buffer[] {
    // Others than of this size would come on top of the total.
    const fitting = this.kept.filter((buffer) => buffer.length === size);
    const buffers = fitting.splice(0, count);
    this.kept = fitting;
    while (buffers.length < count) buffers.push(alignedMemory(size));
    return buffers;
  }
}
