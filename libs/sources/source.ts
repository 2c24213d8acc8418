/** Bytes from outside the archive, read once from the beginning. */
export interface Source {
  /** @throws SourceError when they cannot be read; reading them later can throw it too */
  open(signal: AbortSignal): Promise<SourceReader>;
}

/** An opened source. Accepts one call at a time. */
export interface SourceReader {
  /**
   * Fills the caller's memory with the next bytes, and returns their number: fewer than requested only at the end.
   * @throws SourceError, or the signal's reason
   */
  read(into: Buffer): Promise<number>;
  /** Closes the source, which may not have been read to its end. */
  close(): Promise<void>;
}

/** Reads a stream whose pieces are valid until the next one is requested. A network delivers 64 KiB at a time. */
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
      // `set` copies byte by byte into shared memory when the alignments differ; `fill` does not.
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
