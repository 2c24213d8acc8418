import fc from 'fast-check';
import { latticeOf, PixelSample } from './pixel-sample';

/** Returns a sample of an image whose pixel values are their positions, added in runs of this length. */
function sampleOfPlaces(axes: readonly number[], run: number): PixelSample {
  const count = axes.reduce((product, length) => product * length, 1);
  const sample = new PixelSample(axes);
  for (let at = 0; at < count; at += run) {
    sample.add(Float64Array.from({ length: Math.min(run, count - at) }, (_, i) => at + i));
  }
  return sample;
}

describe('a sample', () => {
  it('of a small image contains all pixels', () => {
    expect(latticeOf([512, 256])).toMatchObject({ stride: 1, step: 1 });
    const places = Array.from({ length: 7 * 5 * 3 }, (_, i) => i);
    expect([...sampleOfPlaces([7, 5, 3], 4).values]).toEqual(places);
  });

  it('of a large image contains every step-th pixel of every step-th row of every stride-th plane', () => {
    const axes = [90, 70, 300];
    const { stride, step } = latticeOf(axes);
    expect([stride, step]).toEqual([7, 2]);
    const places = [];
    for (let plane = 0; plane < 300; plane += stride) {
      for (let row = 0; row < 70; row += step) {
        for (let column = 0; column < 90; column += step) places.push((plane * 70 + row) * 90 + column);
      }
    }
    const sample = sampleOfPlaces(axes, 10_000);
    expect([...sample.values]).toEqual(places.map(Math.fround));
    expect(sample.pixelsPerPlane).toBe(45 * 35);
  });

  it('is the same for pixels in runs of any length', () => {
    const axes = [40, 50, 140];
    const whole = sampleOfPlaces(axes, 280_000).values;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9000 }), (run) => {
        expect(Buffer.compare(bytesOf(sampleOfPlaces(axes, run).values), bytesOf(whole))).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    [[4096, 4096]],
    [[1000, 1000, 3840]],
    [[1000, 1000, 3840, 4]],
    [[1000, 1000, 4, 3840]],
    [[1, 2 ** 41]],
    [[2 ** 41, 1]],
    [[1e6, 3, 7]],
    [[1, 1, 2 ** 41]],
    [[2, 1e5, 2, 1e5]],
  ])('of an image of %j is at most half a MiB, spread over the image', (axes) => {
    const { width, height, planes, stride, step } = latticeOf(axes);
    const planesTaken = Math.ceil(planes / stride);
    const taken = Math.ceil(width / step) * Math.ceil(height / step) * planesTaken;
    expect(taken).toBeLessThanOrEqual(128 * 1024);
    expect(planesTaken).toBeLessThanOrEqual(128);
    // Both halves of the image along each axis are in the sample.
    expect(step).toBeLessThanOrEqual(Math.max(1, Math.max(width, height) / 2));
    if (planes > 1) expect(stride).toBeLessThanOrEqual(Math.max(1, planes / 2));
  });

  it.each([
    [[20, 20, 3840, 4], 3840],
    [[20, 20, 4, 3840], 1],
  ])('contains each Stokes parameter in %j equally often', (axes, stokesStride) => {
    const { planes, stride } = latticeOf(axes);
    const counts = [0, 0, 0, 0];
    for (let plane = 0; plane < planes; plane += stride) {
      const parameter = Math.floor(plane / stokesStride) % 4;
      counts[parameter] = (counts[parameter] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(20);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });
});

function bytesOf(values: Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}
