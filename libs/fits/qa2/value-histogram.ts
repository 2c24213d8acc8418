import { PAGE, PixelKernel } from '../image/pixel-kernel';

/** Finite single-precision numbers of one sign, by the upper half of their bits: exponent and 7 bits of mantissa. */
const BINS_OF_SIGN = 0x7f80;
const BINS = 2 * BINS_OF_SIGN;
const NOT_SIGN = 0x7fff;

/** Lower edges of the bins in ascending order of value, and the upper edge of the last. */
const EDGES = binEdges();

function binEdges(): Float64Array {
  const bits = new Uint32Array(1);
  const value = new Float32Array(bits.buffer);
  const magnitude = (bin: number): number => {
    bits[0] = bin * 0x10000;
    return bin === BINS_OF_SIGN ? 2 ** 128 : (value[0] ?? 0);
  };
  return Float64Array.from({ length: BINS + 1 }, (_, i) =>
    i < BINS_OF_SIGN ? -magnitude(BINS_OF_SIGN - i) : magnitude(i - BINS_OF_SIGN),
  );
}

/** One for all measurements, each of which is done before the next begins: it takes nearly two MiB. */
let shared: ValueHistogram | undefined;
export function sharedHistogram(): ValueHistogram {
  return (shared ??= new ValueHistogram());
}

/**
 * Counts of values in bins a 128th of their magnitude wide (0.8 %), over the whole range of single precision: a MiB
 * whatever passes. The bins are the upper 16 bits of a float32, so that counting is one memory access; order
 * statistics come out of it by linear interpolation within a bin.
 */
export class ValueHistogram {
  /** Counts, and notes which pages of them were touched: a small plane must not pay for the whole range. */
  readonly kernel = new PixelKernel();
  /** The bins that hold something, in ascending order of value, and how many values lie below each. */
  private readonly bins = new Uint32Array(BINS);
  private readonly cumulative = new Float64Array(BINS + 1);
  private filled = 0;

  /** Makes ready for questions about what the kernel has counted, and for counting anew. Gives how many finite values were counted. */
  close(): number {
    this.filled = 0;
    const pages = this.kernel.pages.length;
    let total = 0;
    for (let page = pages - 1; page >= pages / 2; page -= 1) total = this.closePage(page, -1, total);
    for (let page = 0; page < pages / 2; page += 1) total = this.closePage(page, 1, total);
    this.cumulative[this.filled] = total;
    return total;
  }

  /** How many values lie below `x`. */
  below(x: number): number {
    let [low, high] = [0, this.filled];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((EDGES[this.bins[middle] ?? 0] ?? 0) <= x) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : this.within(low - 1, x);
  }

  /** The value below which `rank` values lie. */
  atRank(rank: number): number {
    let [low, high] = [1, this.filled];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.cumulative[middle] ?? 0) <= rank) low = middle + 1;
      else high = middle;
    }
    const bin = this.bins[low - 1] ?? 0;
    const from = EDGES[bin] ?? 0;
    const to = EDGES[bin + 1] ?? 0;
    const before = this.cumulative[low - 1] ?? 0;
    const after = this.cumulative[low] ?? 0;
    return from + ((to - from) * (rank - before)) / (after - before);
  }

  private closePage(page: number, step: 1 | -1, total: number): number {
    const { counts, pages } = this.kernel;
    if (pages[page] === 0) return total;
    pages[page] = 0;
    const first = page * PAGE + (step === 1 ? 0 : PAGE - 1);
    for (let i = 0; i < PAGE; i += 1) {
      const bits = first + i * step;
      const count = counts[bits] ?? 0;
      if (count === 0) continue;
      counts[bits] = 0;
      // NaN and infinities have all bits of the exponent set.
      if ((bits & NOT_SIGN) >= BINS_OF_SIGN) continue;
      this.bins[this.filled] = step === 1 ? BINS_OF_SIGN + bits : BINS_OF_SIGN - 1 - (bits & NOT_SIGN);
      this.cumulative[this.filled] = total;
      this.filled += 1;
      total += count;
    }
    return total;
  }

  /** Asked dozens of times for each plane: pairs taken apart by `[a, b] = ...` were most of an ingest's garbage. */
  private within(position: number, x: number): number {
    const bin = this.bins[position] ?? 0;
    const from = EDGES[bin] ?? 0;
    const to = EDGES[bin + 1] ?? 0;
    const before = this.cumulative[position] ?? 0;
    const after = this.cumulative[position + 1] ?? 0;
    return before + (after - before) * Math.min(1, (x - from) / (to - from));
  }
}
