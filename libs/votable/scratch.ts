/** A larger buffer than this is not kept for the next batch. */
const KEPT_BYTES = 1024 * 1024;

/** Memory that an encoder writes to, one batch after another. */
export class Scratch {
  private buffer = Buffer.alloc(0);

  /** Returns a buffer that has room after an offset for this many bytes; the bytes before the offset stay. */
  room(used: number, bytes: number): Buffer {
    if (used + bytes <= this.buffer.length) return this.buffer;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.buffer.length, used + bytes));
    this.buffer.copy(larger, 0, 0, used);
    this.buffer = larger;
    return larger;
  }

  /** Returns the first bytes, which stay until the memory is written to again. */
  written(bytes: number): Buffer {
    const written = this.buffer.subarray(0, bytes);
    if (this.buffer.length > KEPT_BYTES) this.buffer = Buffer.alloc(0);
    return written;
  }
}

/** A call of the runtime takes as long as copying this many bytes one by one. */
export const FEW_BYTES = 96;

/** Copies bytes, and returns the offset after them. */
export function put(target: Buffer, at: number, source: Buffer, start = 0, end = source.length): number {
  if (end - start > FEW_BYTES) return at + source.copy(target, at, start, end);
  for (let read = start, write = at; read < end; read++, write++) target[write] = source[read] as number;
  return at + end - start;
}
