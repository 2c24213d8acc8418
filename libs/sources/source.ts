/** Bytes from outside, read once from the beginning. */
export interface Source {
  /** @throws SourceError when they cannot be had, as the reading does later */
  open(signal: AbortSignal): Promise<SourceReader>;
}

/** An opened source. One call at a time. */
export interface SourceReader {
  /**
   * Fills memory of the caller's with the next bytes, and gives their number: fewer than fit only where the source ends.
   * @throws SourceError, or the signal's reason
   */
  read(into: Buffer): Promise<number>;
  /** Lets go of the source, which may not have been read to its end. */
  close(): Promise<void>;
}
