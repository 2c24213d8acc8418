import { elapsed, humanSize } from '@almagest/text';
import type { FetchProgress } from './fetch-file';

/** How far a fetch has come, and how fast it is. */
export class Tally implements FetchProgress {
  /** Bytes that came in this run. */
  fetched = 0;
  private found = 0;
  private checking: string | null = null;
  private readonly began = Date.now();

  constructor(private readonly total: number) {}

  onBytes(bytes: number): void {
    this.fetched += bytes;
  }

  onFound(bytes: number): void {
    this.found += bytes;
  }

  /** What is done now that moves no bytes over the network; null: nothing of the kind. */
  note(what: string | null): void {
    this.checking = what;
  }

  /** Milliseconds since it began. */
  get took(): number {
    return Date.now() - this.began;
  }

  /** `1.2 GB of 4.5 GB, 85.0 MB/s, 39 s left` */
  toString(): string {
    const done = this.found + this.fetched;
    const rate = this.fetched / Math.max(0.001, this.took / 1000);
    const left = rate > 0 && this.took > 2_000 ? `, ${elapsed(((this.total - done) / rate) * 1000)} left` : '';
    const speed = this.fetched > 0 ? `, ${humanSize(Math.round(rate))}/s${left}` : '';
    return `${humanSize(done)} of ${humanSize(this.total)}${speed}${this.checking === null ? '' : `; ${this.checking}`}`;
  }
}
