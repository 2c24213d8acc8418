import { Pixels } from './pixel-decoder';
import { addValue, PixelKernel, RunStatistics } from './pixel-kernel';

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

const EMPTY: RunStatistics = { finite: 0, undefinedPixels: 0, minimum: Infinity, maximum: -Infinity, sum: 0 };

/** Gathers statistics plane by plane as the pixels arrive; keeps only a few numbers for an image of any size. */
export class ImageStatistics {
  private pixels = 0;
  private readonly all: RunStatistics = { ...EMPTY };
  private planes = 0;
  private emptyPlanes = 0;
  private inPlane = 0;
  private finiteBeforePlane = 0;

  /** `planePixels` is NAXIS1 x NAXIS2. */
  constructor(
    private readonly planePixels: number,
    private readonly kernel: PixelKernel,
  ) {}

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
    const { pixels, planes, emptyPlanes } = this;
    const { finite, undefinedPixels, minimum, maximum, sum } = this.all;
    const found = finite > 0;
    return {
      pixels,
      undefinedPixels,
      infinitePixels: pixels - undefinedPixels - finite,
      minimum: found ? minimum : null,
      maximum: found ? maximum : null,
      mean: found ? sum / finite : null,
      planes,
      emptyPlanes,
    };
  }

  private addRun(values: Pixels, from: number, to: number): void {
    const run = values.subarray(from, to);
    this.pixels += run.length;
    if (this.kernel.holds(run)) this.take(this.kernel.statistics(run));
    else for (const value of run) addValue(this.all, value);
  }

  private take({ finite, undefinedPixels, minimum, maximum, sum }: RunStatistics): void {
    this.all.finite += finite;
    this.all.undefinedPixels += undefinedPixels;
    this.all.minimum = Math.min(this.all.minimum, minimum);
    this.all.maximum = Math.max(this.all.maximum, maximum);
    this.all.sum += sum;
  }

  private endPlane(): void {
    this.planes += 1;
    if (this.all.finite === this.finiteBeforePlane) this.emptyPlanes += 1;
    this.finiteBeforePlane = this.all.finite;
    this.inPlane = 0;
  }
}
