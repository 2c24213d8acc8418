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

  /**
   * The hot loop: locals only, one pass, four pixels at a time into sums of their own, because an addition waits for
   * the one before (it takes a quarter of the time so). `v - v` is 0 for a finite value and NaN for any other.
   */
  private addRun(values: Pixels, from: number, to: number): void {
    let { minimum, maximum } = this;
    let sumA = 0;
    let sumB = 0;
    let sumC = 0;
    let sumD = 0;
    let finite = 0;
    let i = from;
    for (; i + 4 <= to; i += 4) {
      const a = values[i] as number;
      const b = values[i + 1] as number;
      const c = values[i + 2] as number;
      const d = values[i + 3] as number;
      if (a - a + (b - b) + (c - c) + (d - d) !== 0) {
        for (let j = i; j < i + 4; j += 1) this.addOne(values[j] as number);
        continue;
      }
      sumA += a;
      sumB += b;
      sumC += c;
      sumD += d;
      if (a < minimum) minimum = a;
      if (a > maximum) maximum = a;
      if (b < minimum) minimum = b;
      if (b > maximum) maximum = b;
      if (c < minimum) minimum = c;
      if (c > maximum) maximum = c;
      if (d < minimum) minimum = d;
      if (d > maximum) maximum = d;
      finite += 4;
    }
    this.minimum = Math.min(this.minimum, minimum);
    this.maximum = Math.max(this.maximum, maximum);
    this.sum += sumA + sumB + sumC + sumD;
    this.finitePixels += finite;
    for (; i < to; i += 1) this.addOne(values[i] as number);
    this.pixels += to - from;
  }

  private addOne(v: number): void {
    if (v - v === 0) {
      this.finitePixels += 1;
      this.sum += v;
      if (v < this.minimum) this.minimum = v;
      if (v > this.maximum) this.maximum = v;
    } else if (v !== v) this.undefinedPixels += 1;
  }

  private endPlane(): void {
    this.planes += 1;
    if (this.finitePixels === this.finiteBeforePlane) this.emptyPlanes += 1;
    this.finiteBeforePlane = this.finitePixels;
    this.inPlane = 0;
  }
}
