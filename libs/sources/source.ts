/** Bytes from outside, read once from the beginning. */
export interface Source {
  /**
   * A piece is valid until the next one is asked for.
   * @throws SourceError when they cannot be had, also while they are read
   */
  open(signal: AbortSignal): AsyncIterable<Uint8Array>;
}
