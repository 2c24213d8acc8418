import fc from 'fast-check';
import { ImageStatistics } from './image-statistics';
import { PixelKernel } from './pixel-kernel';

const kernel = new PixelKernel();

function statistics(planePixels: number, ...runs: number[][]): ReturnType<ImageStatistics['result']> {
  const gathered = new ImageStatistics(planePixels, kernel);
  for (const run of runs) gathered.add(Float64Array.from(run));
  return gathered.result();
}

describe('statistics of an image', () => {
  it('count undefined and infinite pixels, and do not use them', () => {
    expect(statistics(4, [1, NaN, 3, Infinity], [-Infinity, 8, NaN, NaN])).toEqual({
      pixels: 8,
      undefinedPixels: 3,
      infinitePixels: 2,
      minimum: 1,
      maximum: 8,
      mean: 4,
      planes: 2,
      emptyPlanes: 0,
    });
  });

  it('count the planes without a value', () => {
    const result = statistics(2, [NaN, NaN, 1], [2, NaN], [Infinity]);
    expect(result).toMatchObject({ planes: 3, emptyPlanes: 2 });
  });

  it('are null when no pixel has a value', () => {
    expect(statistics(2, [NaN, NaN])).toMatchObject({ minimum: null, maximum: null, mean: null, undefinedPixels: 2 });
  });

  it('are the same for pixels in runs of any length', () => {
    const runs = fc.array(fc.array(fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.constant(NaN))));
    fc.assert(
      fc.property(runs, fc.integer({ min: 1, max: 7 }), (parts, planePixels) => {
        expect(statistics(planePixels, ...parts)).toEqual(statistics(planePixels, parts.flat()));
      }),
    );
  });
});
