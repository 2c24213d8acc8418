import { PixelSample } from '../qa2/pixel-sample';
import { filledDisc } from './filled-disc';

/** Returns the disc of an image whose pixels (from 1) have a value where `hasValue` says so. */
function discOf(axes: [number, number, number], hasValue: (x: number, y: number, plane: number) => boolean) {
  const [width, height, planes] = axes;
  const sample = new PixelSample(axes);
  for (let plane = 0; plane < planes; plane++) {
    for (let y = 1; y <= height; y++) {
      sample.add(Float32Array.from({ length: width }, (_, i) => (hasValue(i + 1, y, plane) ? 1 : NaN)));
    }
  }
  return filledDisc(sample);
}

const inDisc = (x: number, y: number): boolean => Math.hypot(x - 120, y - 140) <= 90;

describe('the disc that has values', () => {
  it.each<[string, [number, number, number]]>([
    ['small', [250, 260, 1]],
    ['sampled', [250, 260, 9]],
  ])('is found to a pixel in a %s image, whatever planes are blank', (_, axes) => {
    const disc = discOf(axes, (x, y, plane) => (plane > 0 || axes[2] === 1) && inDisc(x, y));
    expect(Math.abs((disc?.x ?? 0) - 120)).toBeLessThan(1);
    expect(Math.abs((disc?.y ?? 0) - 140)).toBeLessThan(1);
    expect(Math.abs((disc?.radius ?? 0) - 90)).toBeLessThan(1);
  });

  it.each<[string, (x: number, y: number) => boolean]>([
    ['every pixel has a value', () => true],
    ['none has', () => false],
    ['they fill a square', (x, y) => x > 50 && x < 200 && y > 50 && y < 200],
    ['they fill two discs', (x, y) => Math.hypot(x - 90, y - 120) <= 60 || Math.hypot(x - 140, y - 120) <= 60],
    ['they fill a ring', (x, y) => inDisc(x, y) && Math.hypot(x - 120, y - 140) > 50],
    ['they are few', (x, y) => Math.hypot(x - 120, y - 140) <= 5],
  ])('is null when %s', (_, hasValue) => {
    expect(discOf([250, 260, 1], hasValue)).toBeNull();
  });
});
