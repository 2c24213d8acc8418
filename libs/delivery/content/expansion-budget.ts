import type { DeliveryLimits } from '../inventory/limits';
import { ContentProblem } from './content-reader';

const MIB = 1024 * 1024;

/** Limits on what the gzipped files of a delivery may expand to. */
export type ExpansionLimits = Pick<
  DeliveryLimits,
  'expandedBytes' | 'expandedEntries' | 'expansionBase' | 'expansionRatio' | 'expansionSeconds'
>;

/**
 * What all gzipped files of a delivery may still expand to, together. It grows with the compressed bytes: a delivery
 * that expands to far more than any real one is a decompression bomb, and would keep others from being stored.
 */
export class ExpansionBudget {
  private compressed = 0;
  private expanded = 0;
  private entries = 0;
  /** Milliseconds of decompression. */
  private spent = 0;

  constructor(private readonly limits: ExpansionLimits) {}

  /** Adds compressed bytes. */
  add(bytes: number): void {
    this.compressed += bytes;
  }

  /**
   * Takes expanded bytes.
   * @param running milliseconds of the decompression that yields them, which `spend` adds when it ends
   * @throws ContentProblem `beyond-limits`
   */
  take(bytes: number, running: number): void {
    const { expandedBytes, expansionBase, expansionRatio, expansionSeconds } = this.limits;
    this.expanded += bytes;
    const most = Math.min(expandedBytes, expansionBase + expansionRatio * this.compressed);
    if (this.expanded > most) {
      throw beyond('gzipped files within the limit', 'more bytes when decompressed');
    }
    const seconds = expansionSeconds + this.compressed / MIB;
    if (this.spent + running > seconds * 1000) {
      throw beyond('gzipped files that can be decompressed in time', 'decompression that takes longer');
    }
  }

  /** Takes an entry of an inner archive. @throws ContentProblem `beyond-limits` */
  takeEntry(): void {
    this.entries += 1;
    if (this.entries > this.limits.expandedEntries) throw beyond('archives within the limit', 'more entries');
  }

  /** Adds milliseconds of decompression. */
  spend(milliseconds: number): void {
    this.spent += milliseconds;
  }
}

function beyond(expected: string, found: string): ContentProblem {
  return new ContentProblem('beyond-limits', { expected, found });
}
