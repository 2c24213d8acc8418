import { Pixels } from './pixel-decoder';

/** Statistics of an image's physical values. Undefined (NaN, BLANK) and infinite values are counted, not used. */
export interface Statistics {
  pixels: number;
  undefinedPixels: number;
  infinitePixels: number;
  /** Null when no pixel has a finite value. */
  minimum: number | null;
  maximum: number | null;
  mean: number | null;
  /** Planes along the first two axes, and those of them without any finite value. */
  planes: number;
  emptyPlanes: number;
}

/** Gathers statistics plane by plane as the pixels pass; holds a handful of numbers whatever the image's size. */
export class ImageStatistics {
  private pixels = 0;
  private finitePixels = 0;
  private undefinedPixels = 0;
  private minimum = Infinity;
  private maximum = -Infinity;
  private sum = 0;
  private planes = 0;
  private emptyPlanes = 0;
  private inPlane = 0;
  private finiteBeforePlane = 0;

  /** `planePixels` is NAXIS1 x NAXIS2. */
  constructor(private readonly planePixels: number) {}

  add(values: Pixels): void {
    let from = 0;
    while (from < values.length) {
      const to = Math.min(values.length, from + this.planePixels - this.inPlane);
      this.addRun(values, from, to);
      this.inPlane += to - from;
      from = to;
      if (this.inPlane === this.planePixels) this.endPlane();
    }
  }

  result(): Statistics {
    const { pixels, undefinedPixels, planes, emptyPlanes } = this;
    const found = this.finitePixels > 0;
    return {
      pixels,
      undefinedPixels,
      infinitePixels: pixels - undefinedPixels - this.finitePixels,
      minimum: found ? this.minimum : null,
      maximum: found ? this.maximum : null,
      mean: found ? this.sum / this.finitePixels : null,
      planes,
      emptyPlanes,
    };
  }

  /** The hot loop: locals only, one pass. `v - v` is 0 for a finite value and NaN for any other. */
  private addRun(values: Pixels, from: number, to: number): void {
    let { minimum, maximum } = this;
    let [sum, finite, undefinedCount] = [0, 0, 0];
    for (let i = from; i < to; i += 1) {
      const v = values[i] ?? NaN;
      if (v - v === 0) {
        finite += 1;
        sum += v;
        if (v < minimum) minimum = v;
        if (v > maximum) maximum = v;
      } else if (v !== v) undefinedCount += 1;
    }
    this.minimum = minimum;
    this.maximum = maximum;
    this.sum += sum;
    this.finitePixels += finite;
    this.undefinedPixels += undefinedCount;
    this.pixels += to - from;
  }

  private endPlane(): void {
    this.planes += 1;
    if (this.finitePixels === this.finiteBeforePlane) this.emptyPlanes += 1;
    this.finiteBeforePlane = this.finitePixels;
    this.inPlane = 0;
  }
}
