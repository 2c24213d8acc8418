import type { Pixels } from '../image/pixel-decoder';

/** Values of a sample at most: 512 KiB of them. An image with no more pixels is taken whole. */
const MOST_VALUES = 128 * 1024;
/** Planes that a sample is taken of, spread over all; so that of each there are a thousand values. */
const MOST_PLANES = 128;

/** Memory of samples that are done with: anew for each image it would keep the garbage collector at work. */
const spare: Float32Array[] = [];
const MOST_SPARE = 4;

/** Which pixels a sample is of: every `step`th of every `step`th row of every `stride`th plane, from the first on. */
export interface Lattice {
  width: number;
  height: number;
  planes: number;
  stride: number;
  step: number;
}

/** The lattice for an image of these axes, each of them 1 at least: images of the same shape have the same. */
export function latticeOf(axes: readonly number[]): Lattice {
  const [width = 1, height = 1, ...others] = axes;
  const planes = others.reduce((product, length) => product * length, 1);
  // Without a common factor the stride meets every place along every axis, as each Stokes parameter.
  let stride = Math.max(1, Math.ceil(planes / MOST_PLANES));
  while (commonFactor(stride, planes) > 1) stride += 1;
  const most = MOST_VALUES / Math.ceil(planes / stride);
  const least = [Math.sqrt((width * height) / most), width / most, height / most];
  let step = Math.max(1, ...least.map(Math.floor));
  while (Math.ceil(width / step) * Math.ceil(height / step) > most) step += 1;
  return { width, height, planes, stride, step };
}

function commonFactor(a: number, b: number): number {
  return b === 0 ? a : commonFactor(b, a % b);
}

/**
 * The values of an image at the places of a lattice, picked out as its pixels pass by. Two images of one shape are
 * picked at the same places, so that what holds for the samples together holds for the images together (docs/adr/0018).
 */
export class PixelSample {
  readonly lattice: Lattice;
  /** Pixels of a plane that are in the sample. */
  readonly ofPlane: number;
  private readonly picked = spare.pop() ?? new Float32Array(MOST_VALUES);
  private filled = 0;
  /** The place in the file of the pixels that come next, and of the one of them that is picked next. */
  private at = 0;
  private next = 0;
  private row = 0;
  private plane = 0;

  constructor(axes: readonly number[]) {
    this.lattice = latticeOf(axes);
    const { width, height, step } = this.lattice;
    this.ofPlane = Math.ceil(width / step) * Math.ceil(height / step);
  }

  /** Takes the next pixels of the image, in the order of the file. */
  add(pixels: Pixels): void {
    const { width, step } = this.lattice;
    const end = this.at + pixels.length;
    while (this.next < end) {
      const rowEnd = this.rowStart + width;
      const last = Math.min(rowEnd, end) - this.at;
      let i = this.next - this.at;
      for (; i < last; i += step) this.picked[this.filled++] = pixels[i] ?? NaN;
      this.next = this.at + i;
      if (this.next >= rowEnd) this.toNextRow();
    }
    this.at = end;
  }

  /** The values picked so far, plane after plane. */
  get values(): Float32Array {
    return this.picked.subarray(0, this.filled);
  }

  /** Gives the memory to another sample; nothing is asked of this one any more. */
  release(): void {
    if (spare.length < MOST_SPARE) spare.push(this.picked);
  }

  private get rowStart(): number {
    return (this.plane * this.lattice.height + this.row) * this.lattice.width;
  }

  private toNextRow(): void {
    const { height, planes, stride, step } = this.lattice;
    this.row += step;
    if (this.row >= height) {
      this.row = 0;
      this.plane += stride;
    }
    this.next = this.plane < planes ? this.rowStart : Infinity;
  }
}
