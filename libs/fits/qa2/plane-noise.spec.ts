import { gaussian, primaryBeamResponse } from '../testing/fits-file.fixture';
import { PixelSample } from './pixel-sample';
import { lineFreeNoise, noiseOfPlanes, NoiseOfPlanes } from './plane-noise';

const SIDE = 40;
const PLANE = SIDE * SIDE;

const BEAM = primaryBeamResponse(SIDE, 200);

/** Returns corrected planes: noise of these sigmas divided by the primary beam. */
function corrected(sigmas: readonly number[], seed = 1): number[] {
  const random = gaussian(seed);
  return sigmas.flatMap((sigma) => BEAM.map((response) => (sigma * random()) / response));
}

function sampleOf(values: readonly number[], planePixels: number): PixelSample {
  const sample = new PixelSample([planePixels, 1, values.length / planePixels]);
  sample.add(Float64Array.from(values));
  return sample;
}

function measure(image: readonly number[], beam: readonly number[] | null, planePixels = PLANE): NoiseOfPlanes {
  return noiseOfPlanes(sampleOf(image, planePixels), beam && sampleOf(beam, planePixels));
}

describe('noise of the uncorrected image', () => {
  it('is that of each plane before the division by the primary beam', () => {
    const sigmas = [1, 3, 0.5];
    const { planes } = measure(corrected(sigmas), [...BEAM, ...BEAM, ...BEAM]);
    expect(planes.map(({ plane }) => plane)).toEqual([0, 1, 2]);
    planes.forEach(({ sigma }, i) => expect(Math.abs(sigma / (sigmas[i] ?? 1) - 1)).toBeLessThan(0.1));
  });

  it('uses the pixels where the primary beam is defined', () => {
    const defined = BEAM.filter((response) => !Number.isNaN(response)).length;
    expect(measure(corrected([1]), BEAM)).toMatchObject({
      planes: [{ plane: 0, pixels: defined }],
      onlyInImage: 0,
      onlyInBeam: 0,
      beamNotPositive: 0,
    });
  });

  it('of an image without a primary beam is its own', () => {
    const random = gaussian(5);
    const { planes } = measure(
      Array.from({ length: 10_000 }, () => 7 * random()),
      null,
      10_000,
    );
    expect(planes).toHaveLength(1);
    expect(Math.abs((planes[0]?.sigma ?? 0) / 7 - 1)).toBeLessThan(0.03);
  });

  it('of a long cube is measured from a sample', () => {
    const [side, channels] = [64, 500];
    const sample = new PixelSample([side, side, channels]);
    const random = gaussian(8);
    for (let channel = 0; channel < channels; channel += 1) {
      const line = channel > 100 && channel < 400 ? 6 : 0;
      sample.add(Float32Array.from({ length: side * side }, () => (1 + line) * random()));
    }
    const { planes } = noiseOfPlanes(sample, null);
    expect([planes.length, planes[0]?.pixels, planes[1]?.plane]).toEqual([72, 1024, 7]);
    const noise = lineFreeNoise(planes);
    expect(noise?.channels).toBe(72);
    expect(noise?.sigma).toBeGreaterThan(0.93);
    expect(noise?.sigma).toBeLessThan(1.02);
  });

  it('skips planes without anything to measure', () => {
    const image = [...corrected([1]), ...BEAM.map(() => NaN), ...BEAM.map(() => 0)];
    expect(measure(image, [...BEAM, ...BEAM, ...BEAM]).planes.map(({ plane }) => plane)).toEqual([0]);
    expect(measure(corrected([1]).slice(0, 99), BEAM.slice(0, 99), 99).planes).toEqual([]);
  });
});

describe('masks of image and primary beam', () => {
  it('are counted where they disagree', () => {
    const beam = [NaN, 1, NaN, 0.5, 0, -0.1, 1.5];
    const image = [NaN, NaN, 1, 1, 1, 1, 1];
    expect(measure(image, beam, 7)).toMatchObject({
      onlyInImage: 1,
      onlyInBeam: 1,
      beamNotPositive: 2,
    });
  });
});

describe('noise over channels', () => {
  const planes = (...sigmas: number[]) => sigmas.map((sigma, plane) => ({ plane, pixels: 1000 + plane, sigma }));

  it('is that of the quietest quarter, as lines increase the noise', () => {
    const noise = lineFreeNoise(planes(1.02, 0.99, 1.3, 1.7, 2.1, 1.8, 1.4, 1.0));
    expect(noise).toEqual({ sigma: 0.995, channels: 8, channelsUsed: 2, pixels: 1001 });
  });

  it.each([
    [[5], 5, 1],
    [[5, 3], 3, 1],
    [[5, 3, 4, 6, 7], 3.5, 2],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 2, 3],
  ])('of %j is %d', (sigmas, sigma, channelsUsed) => {
    expect(lineFreeNoise(planes(...sigmas))).toMatchObject({ sigma, channelsUsed });
  });

  it('is null without channels', () => {
    expect(lineFreeNoise([])).toBeNull();
  });
});
