import type { SourceReader } from './source';

/** Reads a stream whose pieces are valid until the next one is asked for: a network hands out 64 KiB at a time. */
export class StreamReader implements SourceReader {
  private readonly pieces: AsyncIterator<Uint8Array>;
  private rest: Uint8Array = new Uint8Array();

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.pieces = stream[Symbol.asyncIterator]();
  }

  async read(into: Buffer): Promise<number> {
    let filled = 0;
    while (filled < into.length) {
      if (this.rest.length === 0) {
        const next = await this.pieces.next();
        if (next.done) break;
        this.rest = next.value;
        continue;
      }
      const taken = this.rest.subarray(0, into.length - filled);
      // Not `set`: that goes byte by byte into shared memory, where the two are aligned differently.
      into.fill(taken, filled, filled + taken.length);
      filled += taken.length;
      this.rest = this.rest.subarray(taken.length);
    }
    return filled;
  }

  async close(): Promise<void> {
    await this.pieces.return?.();
  }
}
