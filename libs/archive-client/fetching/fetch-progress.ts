/** How far a fetch is, and how fast. */
export class FetchProgress {
  /** Bytes downloaded in this run. */
  fetched = 0;
  /** Bytes that were on the disk before. */
  found = 0;
  /** Work that downloads nothing, such as `12 files of a part unpacked`; null when there is none. */
  note: string | null = null;
  private readonly began = Date.now();

  /** @param total bytes of everything that is wanted */
  constructor(readonly total: number) {}

  /** Counts bytes that were written to the disk; negative when they must be downloaded again. */
  onBytes(bytes: number): void {
    this.fetched += bytes;
  }

  /** Counts bytes that were on the disk before. */
  onFound(bytes: number): void {
    this.found += bytes;
  }

  /** Milliseconds since the fetch began. */
  get took(): number {
    return Date.now() - this.began;
  }

  /** Bytes on the disk. */
  get done(): number {
    return this.found + this.fetched;
  }

  /** Bytes downloaded per second. */
  get rate(): number {
    return this.fetched / Math.max(0.001, this.took / 1000);
  }

  /** Milliseconds that the rest takes at this rate; null in the first two seconds, when the rate says little. */
  get msLeft(): number | null {
    return this.rate > 0 && this.took > 2_000 ? ((this.total - this.done) / this.rate) * 1000 : null;
  }
}
