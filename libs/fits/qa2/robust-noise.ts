import { PAGE, PixelKernel } from '../image/pixel-kernel';

/** 1 / 0.6745: the standard deviation of a Gaussian in units of its median absolute deviation. */
const MAD_TO_SIGMA = 1.4826;
const CLIP_SIGMA = 3;
const MAX_ROUNDS = 10;
const CONVERGED = 1e-4;

/**
 * A bin of the histogram is a 128th of its value wide: a smaller spread around a median far from zero is not resolved.
 */
const RESOLUTION = 1 / 128;
/** The numbers below the normal range of single precision share a bin: all of them count as zero. */
const SMALLEST = 2 ** -126;

/** Median and robust standard deviation of the values in a histogram. */
export interface RobustNoise {
  median: number;
  sigma: number;
}

/**
 * Returns sigma = 1.4826 x MAD, after repeatedly clipping values beyond 3 sigma of the median until sigma converges (at
 * most 10 rounds). Clipping removes the sources in the field; it reduces the sigma of pure Gaussian noise by 0.5 %.
 * Returns null when the histogram is empty, or when sigma is zero or too small to be resolved next to the median: the
 * values do not vary. `total` is the result of `close`.
 */
export function robustNoise(histogram: ValueHistogram, total: number): RobustNoise | null {
  if (total === 0) return null;
  let noise = noiseBetween(histogram, 0, total);
  for (let round = 0; round < MAX_ROUNDS && isResolved(noise); round += 1) {
    const reach = CLIP_SIGMA * noise.sigma;
    const [from, to] = [histogram.below(noise.median - reach), histogram.below(noise.median + reach)];
    const next = noiseBetween(histogram, from, to);
    const isConverged = Math.abs(next.sigma - noise.sigma) <= CONVERGED * noise.sigma;
    noise = next;
    if (isConverged) break;
  }
  return isResolved(noise) ? noise : null;
}

function isResolved({ median, sigma }: RobustNoise): boolean {
  return sigma > Math.max(SMALLEST, RESOLUTION * Math.abs(median));
}

/** Returns the median and scaled MAD of the values between two ranks. */
function noiseBetween(histogram: ValueHistogram, from: number, to: number): RobustNoise {
  const median = histogram.atRank((from + to) / 2);
  const half = (to - from) / 2;
  // Bisects for the deviation d with half of the values in [median - d, median + d]: the count grows with d.
  let [low, high] = [0, Math.max(median - histogram.atRank(from), histogram.atRank(to) - median)];
  const counted = (d: number): number =>
    Math.min(to, histogram.below(median + d)) - Math.max(from, histogram.below(median - d));
  for (let i = 0; i < 50 && high - low > 1e-6 * high; i += 1) {
    const d = (low + high) / 2;
    if (counted(d) < half) low = d;
    else high = d;
  }
  return { median, sigma: MAD_TO_SIGMA * high };
}

/** Number of bins for the finite single-precision numbers of one sign, by exponent and 7 bits of mantissa. */
const BINS_OF_SIGN = 0x7f80;
const BINS = 2 * BINS_OF_SIGN;
const NOT_SIGN = 0x7fff;

/** Lower edges of the bins in ascending order of value, and the upper edge of the last one. */
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

let shared: ValueHistogram | undefined;

/** Returns one histogram for all measurements, which run one after the other: it takes nearly two MiB. */
export function sharedHistogram(): ValueHistogram {
  return (shared ??= new ValueHistogram());
}

/**
 * Counts values in bins a 128th of their magnitude wide (0.8 %), over the whole range of single precision: a MiB for
 * any number of values. The bins are the upper 16 bits of a float32, so that counting is one memory access; order
 * statistics are interpolated linearly within a bin.
 */
export class ValueHistogram {
  /** Counts the values, and marks the pages of counts that changed, so that a small plane does not scan all bins. */
  readonly kernel = new PixelKernel();
  /** The bins that are not empty, in ascending order of value, and how many values are below each. */
  private readonly bins = new Uint32Array(BINS);
  private readonly cumulative = new Float64Array(BINS + 1);
  private filled = 0;

  /** Ends the counting: prepares `below` and `atRank`, and resets the kernel. Returns the number of finite values. */
  close(): number {
    this.filled = 0;
    const pages = this.kernel.pages.length;
    let total = 0;
    for (let page = pages - 1; page >= pages / 2; page -= 1) total = this.closePage(page, -1, total);
    for (let page = 0; page < pages / 2; page += 1) total = this.closePage(page, 1, total);
    this.cumulative[this.filled] = total;
    return total;
  }

  /** Returns how many values are below `x`. */
  below(x: number): number {
    let [low, high] = [0, this.filled];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((EDGES[this.bins[middle] ?? 0] ?? 0) <= x) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : this.within(low - 1, x);
  }

  /** Returns the value that has `rank` values below it. */
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

  /** Called dozens of times for each plane: destructuring `[a, b] = ...` here made most of an ingest's garbage. */
  private within(position: number, x: number): number {
    const bin = this.bins[position] ?? 0;
    const from = EDGES[bin] ?? 0;
    const to = EDGES[bin + 1] ?? 0;
    const before = this.cumulative[position] ?? 0;
    const after = this.cumulative[position + 1] ?? 0;
    return before + (after - before) * Math.min(1, (x - from) / (to - from));
  }
}
