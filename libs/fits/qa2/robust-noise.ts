import { ValueHistogram } from './value-histogram';

/** 1 / 0.6745: the standard deviation of a Gaussian in terms of its median absolute deviation. */
const MAD_TO_SIGMA = 1.4826;
const CLIP_SIGMA = 3;
const MOST_ROUNDS = 10;
const SETTLED = 1e-4;

/** The histogram's bins are a 128th of the value wide: a finer spread around a median far from zero is not resolved. */
const RESOLUTION = 1 / 128;
/** Below the normal numbers of single precision there is one bin: all values are as good as zero. */
const SMALLEST = 2 ** -126;

/** Centre and robust standard deviation of the values a histogram holds. */
export interface RobustNoise {
  median: number;
  sigma: number;
}

/**
 * sigma = 1.4826 x MAD, with values beyond 3 sigma of the median left out, again and again until sigma settles (10
 * rounds at most). The clip takes out the sources a field holds; what it takes from pure Gaussian noise is 0.5 %.
 * Null when the histogram is empty, or when sigma is nothing or too small beside the median to be told: the values do
 * not vary. `close` gave the `total`.
 */
export function robustNoise(histogram: ValueHistogram, total: number): RobustNoise | null {
  if (total === 0) return null;
  let noise = within(histogram, 0, total);
  for (let round = 0; round < MOST_ROUNDS && isResolved(noise); round += 1) {
    const reach = CLIP_SIGMA * noise.sigma;
    const [from, to] = [histogram.below(noise.median - reach), histogram.below(noise.median + reach)];
    const next = within(histogram, from, to);
    const isSettled = Math.abs(next.sigma - noise.sigma) <= SETTLED * noise.sigma;
    noise = next;
    if (isSettled) break;
  }
  return isResolved(noise) ? noise : null;
}

function isResolved({ median, sigma }: RobustNoise): boolean {
  return sigma > Math.max(SMALLEST, RESOLUTION * Math.abs(median));
}

/** Median and scaled MAD of the values between two ranks. */
function within(histogram: ValueHistogram, from: number, to: number): RobustNoise {
  const median = histogram.atRank((from + to) / 2);
  const half = (to - from) / 2;
  // The deviation d with half of the values in [median - d, median + d]: the count grows with d, so halve the interval.
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
