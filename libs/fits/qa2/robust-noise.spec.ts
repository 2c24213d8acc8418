import fc from 'fast-check';
import { CAPACITY } from '../image/pixel-kernel';
import { gaussian } from '../testing/fits-file.fixture';
import { RobustNoise, robustNoise, ValueHistogram } from './robust-noise';

function filled(values: readonly number[]): { histogram: ValueHistogram; total: number } {
  const histogram = new ValueHistogram();
  count(histogram, values);
  return { histogram, total: histogram.close() };
}

function count({ kernel }: ValueHistogram, values: readonly number[]): void {
  for (let from = 0; from < values.length; from += CAPACITY) {
    kernel.tally(kernel.place(Float32Array.from(values.slice(from, from + CAPACITY)), kernel.image));
  }
}

function noiseOf(values: readonly number[]): RobustNoise {
  const { histogram, total } = filled(values);
  const noise = robustNoise(histogram, total);
  if (!noise) throw new Error('nothing to measure');
  return noise;
}

/** Returns the same sigma by sorting, without a histogram. */
function exact(values: readonly number[]): number {
  const middle = (sorted: number[]): number => {
    const half = sorted.length / 2;
    return ((sorted[Math.floor(half)] ?? 0) + (sorted[Math.ceil(half) - 1] ?? 0)) / 2;
  };
  let kept = values.map((value) => Math.fround(value));
  for (let round = 0; round < 20; round += 1) {
    const median = middle([...kept].sort((a, b) => a - b));
    const sigma = 1.4826 * middle(kept.map((value) => Math.abs(value - median)).sort((a, b) => a - b));
    const next = kept.filter((value) => Math.abs(value - median) <= 3 * sigma);
    if (next.length === kept.length) return sigma;
    kept = next;
  }
  return (
    1.4826 *
    middle(kept.map((value) => Math.abs(value - middle([...kept].sort((a, b) => a - b)))).sort((a, b) => a - b))
  );
}

describe('the histogram of values', () => {
  it('returns the value at a rank to within a bin, 0.8 % of the value', () => {
    const floats = fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(-1e30), max: Math.fround(1e30) });
    fc.assert(
      fc.property(fc.array(floats, { minLength: 1, maxLength: 60 }), fc.nat(59), (values, pick) => {
        const sorted = [...values].sort((a, b) => a - b);
        const rank = pick % sorted.length;
        const { histogram } = filled(values);
        const [found, value] = [histogram.atRank(rank + 0.5), sorted[rank] ?? 0];
        expect(Math.abs(found - value)).toBeLessThanOrEqual(Math.abs(value) / 127 + 1e-37);
      }),
    );
  });

  it('counts the values below a given one', () => {
    const { histogram, total } = filled([-8, -2, 0, 1, 1, 64]);
    expect(total).toBe(6);
    expect([-9, -4, -1, 0.5, 2, 100].map((x) => histogram.below(x))).toEqual([0, 1, 2, 3, 5, 6]);
  });

  it('ignores NaN and infinities', () => {
    expect(filled([NaN, Infinity, -Infinity, 1, -1]).total).toBe(2);
    expect(filled([NaN]).total).toBe(0);
  });

  it('starts again after it was closed', () => {
    const { histogram } = filled([1, 2, 3]);
    count(histogram, [5, 5]);
    expect(histogram.close()).toBe(2);
    expect(histogram.below(4)).toBe(0);
  });
});

describe('robust noise', () => {
  const random = gaussian(1);
  const noise = Array.from({ length: 40_000 }, () => 2e-4 * random());

  it('of Gaussian noise is its sigma', () => {
    expect(Math.abs(noiseOf(noise).sigma / 2e-4 - 1)).toBeLessThan(0.02);
    expect(Math.abs(noiseOf(noise).median)).toBeLessThan(5e-6);
  });

  it('agrees with sorting to half a percent', () => {
    for (let seed = 2; seed < 12; seed += 1) {
      const draw = gaussian(seed);
      const scale = 10 ** (seed - 8);
      const values = Array.from(
        { length: 500 * seed },
        (_, i) => scale * (draw() + (i % 20 === 0 ? 10 * draw() : 0.1)),
      );
      expect(Math.abs(noiseOf(values).sigma / exact(values) - 1)).toBeLessThan(0.005);
    }
  });

  it('changes little with sources in a tenth of the field', () => {
    const field = noise.map((value, i) => (i % 10 === 0 ? value + 0.05 * (i % 7) : value));
    expect(noiseOf(field).sigma / 2e-4).toBeGreaterThan(0.95);
    expect(noiseOf(field).sigma / 2e-4).toBeLessThan(1.1);
  });

  it('follows an offset and a scale', () => {
    const moved = noise.map((value) => 1000 * value + 5);
    expect(noiseOf(moved).median).toBeCloseTo(5, 1);
    expect(noiseOf(moved).sigma / 0.2).toBeCloseTo(1, 1);
  });

  it.each([
    ['zero', 0],
    ['one number', 3.7],
    ['a number too small to matter', 1e-44],
  ])('is null when all values are %s', (_, value) => {
    const { histogram, total } = filled(Array.from({ length: 200 }, () => value));
    expect(robustNoise(histogram, total)).toBeNull();
  });

  it('is null without values', () => {
    expect(robustNoise(filled([]).histogram, 0)).toBeNull();
  });
});
