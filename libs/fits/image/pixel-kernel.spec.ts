import fc from 'fast-check';
import { addValue, PixelKernel, CAPACITY, RunStatistics } from './pixel-kernel';

const kernel = new PixelKernel();
const pixel = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(-1e18), max: Math.fround(1e18) }),
  fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, Math.fround(1e-44)),
);
const pixels = fc.array(pixel, { maxLength: 50 });

/** Turns -0 into 0: either may be the minimum or maximum, as they are the same number. */
function ofOneZero<T extends object>(numbers: T): Record<string, number> {
  return Object.fromEntries(
    Object.entries(numbers as Record<string, number>).map(([name, value]) => [name, value + 0]),
  );
}

describe('the pixel kernel', () => {
  it('returns the same statistics as a loop over the pixels, at any alignment', () => {
    fc.assert(
      fc.property(pixels, fc.nat(5), (values, skipped) => {
        const placed = kernel.place(Float32Array.from(values), kernel.image).subarray(skipped);
        const expected: RunStatistics = {
          finite: 0,
          undefinedPixels: 0,
          minimum: Infinity,
          maximum: -Infinity,
          sum: 0,
        };
        let reach = 0;
        for (const value of placed) {
          addValue(expected, value);
          if (Number.isFinite(value)) reach += Math.abs(value);
        }
        const { sum, ...found } = kernel.statistics(placed);
        const { sum: expectedSum, ...others } = expected;
        expect(ofOneZero(found)).toEqual(ofOneZero(others));
        // Added in another order.
        expect(Math.abs(sum - expectedSum)).toBeLessThanOrEqual(1e-14 * reach);
      }),
    );
  });

  it('compares an image with its primary beam like a loop over the pixels', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(pixel, pixel), { maxLength: 50 }), (pairs) => {
        const image = kernel.place(
          Float32Array.from(pairs, ([value]) => value),
          kernel.image,
        );
        const beam = kernel.place(
          Float32Array.from(pairs, ([, response]) => response),
          kernel.beam,
        );
        const defined = (v: number): boolean => !Number.isNaN(v);
        const expected = {
          onlyInImage: pairs.filter(([v, r]) => defined(v) && !defined(r)).length,
          onlyInBeam: pairs.filter(([v, r]) => !defined(v) && defined(r)).length,
          beamNotPositive: pairs.filter(([v, r]) => defined(v) && r <= 0).length,
        };
        expect(kernel.multiply(image, beam)).toEqual(expected);
        const bits = new Uint32Array(1);
        const asFloat = new Float32Array(bits.buffer);
        for (const [v, r] of pairs) {
          asFloat[0] = r > 0 ? v * r : NaN;
          if (!Number.isFinite(asFloat[0] ?? NaN)) continue;
          const bin = (bits[0] ?? 0) >>> 16;
          expect(kernel.counts[bin]).toBeGreaterThan(0);
          expect(kernel.pages[bin >>> 6]).toBe(1);
          kernel.counts[bin] = (kernel.counts[bin] ?? 0) - 1;
        }
        const finite = [...kernel.counts.entries()].filter(([bin, count]) => (bin & 0x7fff) < 0x7f80 && count > 0);
        expect(finite).toEqual([]);
        kernel.counts.fill(0);
        kernel.pages.fill(0);
      }),
      { numRuns: 50 },
    );
  });

  it('swaps the bytes of numbers', () => {
    kernel.image.set(Buffer.from('0102030405060708', 'hex'));
    kernel.swap32(kernel.image, 8);
    expect(kernel.image.toString('hex', 0, 8)).toBe('0403020108070605');
    kernel.swap32(kernel.beam, CAPACITY * 4);
  });
});
