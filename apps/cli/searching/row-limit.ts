const LINE_END = 0x0a;
const QUOTE = 0x22;

/**
 * Passes the first rows of a text on, and counts them. Rows end with a line; in CSV, a quoted text may contain lines. One
 * row more than the limit is how a client learns that there are more: it is left out.
 */
export class RowLimit {
  /** Rows that were passed on. */
  rows = 0;
  /** True when there are more rows than the limit. */
  isCut = false;
  private headerLines: number;
  private isQuoted = false;

  /**
   * @param limit rows at most
   * @param format `csv` and `tsv` begin with a line of names
   */
  constructor(
    private readonly limit: number,
    private readonly format: 'csv' | 'tsv' | 'jsonl',
  ) {
    this.headerLines = format === 'jsonl' ? 0 : 1;
  }

  /** Returns the part of a chunk that belongs to the first rows. */
  take(chunk: Uint8Array): Uint8Array {
    if (this.isFull) {
      this.isCut ||= chunk.length > 0;
      return chunk.subarray(0, 0);
    }
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === QUOTE && this.format === 'csv') this.isQuoted = !this.isQuoted;
      if (byte !== LINE_END || this.isQuoted) continue;
      if (this.headerLines > 0) this.headerLines -= 1;
      else this.rows += 1;
      if (!this.isFull) continue;
      this.isCut = at + 1 < chunk.length;
      return chunk.subarray(0, at + 1);
    }
    return chunk;
  }

  private get isFull(): boolean {
    return this.headerLines === 0 && this.rows >= this.limit;
  }
}
