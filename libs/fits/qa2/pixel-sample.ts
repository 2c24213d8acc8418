import type { ImageFacts } from '../facts/image-facts';
import type { Statistics } from '../image/image-statistics';
import type { Pixels } from '../image/pixel-decoder';
import type { Hdu } from '../reader/hdu';
import { worldAxes } from '../wcs/axis';
import { stokesAxis, stokesNames } from '../wcs/stokes';

/** Maximum number of values of a sample: 512 KiB. All pixels of a smaller image are used. */
const MAX_VALUES = 128 * 1024;
/** Maximum number of planes of a sample, spread over all planes, so that each has about a thousand values. */
const MAX_PLANES = 128;

/** Memory of released samples, reused because a new array for each image would keep the garbage collector busy. */
const spare: Float32Array[] = [];
const MAX_SPARE = 4;

/** The pixels of a sample: every `step`th of every `step`th row of every `stride`th plane, from the first on. */
export interface Lattice {
  width: number;
  height: number;
  planes: number;
  stride: number;
  step: number;
}

/**
 * Returns the lattice for an image with these axes, each at least 1. Images of the same shape have the same lattice.
 */
export function latticeOf(axes: readonly number[]): Lattice {
  const [width = 1, height = 1, ...others] = axes;
  const planes = others.reduce((product, length) => product * length, 1);
  // Without a common factor the stride covers all positions along every axis, such as each Stokes parameter.
  let stride = Math.max(1, Math.ceil(planes / MAX_PLANES));
  while (commonFactor(stride, planes) > 1) stride += 1;
  const maxOfPlane = MAX_VALUES / Math.ceil(planes / stride);
  const minSteps = [Math.sqrt((width * height) / maxOfPlane), width / maxOfPlane, height / maxOfPlane];
  let step = Math.max(1, ...minSteps.map(Math.floor));
  while (Math.ceil(width / step) * Math.ceil(height / step) > maxOfPlane) step += 1;
  return { width, height, planes, stride, step };
}

function commonFactor(a: number, b: number): number {
  return b === 0 ? a : commonFactor(b, a % b);
}

/**
 * Takes the values of an image at the points of a lattice as its pixels arrive. Samples of two images of the same shape
 * are taken at the same points, so that they can be compared like the images themselves (docs/adr/0018).
 */
export class PixelSample {
  readonly lattice: Lattice;
  /** Number of pixels of each plane in the sample. */
  readonly pixelsPerPlane: number;
  private readonly picked = spare.pop() ?? new Float32Array(MAX_VALUES);
  private filled = 0;
  /** Position in the image of the next pixel to arrive, and of the next one to take. */
  private at = 0;
  private next = 0;
  private row = 0;
  private plane = 0;

  constructor(axes: readonly number[]) {
    this.lattice = latticeOf(axes);
    const { width, height, step } = this.lattice;
    this.pixelsPerPlane = Math.ceil(width / step) * Math.ceil(height / step);
  }

  /** Adds the next pixels of the image, in the order of the file. */
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

  /** The values taken so far, plane by plane. */
  get values(): Float32Array {
    return this.picked.subarray(0, this.filled);
  }

  /** Releases the memory for another sample. Do not use this one afterwards. */
  release(): void {
    if (spare.length < MAX_SPARE) spare.push(this.picked);
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

/** The order of the planes (first two axes) of an image. */
export interface Planes {
  /** Stokes parameters in order; a single null when the image has no STOKES axis. */
  stokes: (string | null)[];
  /** Number of planes from one Stokes parameter to the next. */
  stokesStride: number;
}

/** What one pass over the file of an image keeps for measuring it. */
export interface SampledImage {
  facts: ImageFacts;
  planes: Planes;
  /** Statistics of all its pixels. */
  statistics: Statistics;
  sample: PixelSample;
}

/** Returns the order of the planes: axes between the first two and the STOKES axis vary faster than that one. */
export function planesOf({ header, axes }: Pick<Hdu, 'header' | 'axes'>): Planes {
  const world = worldAxes(header, axes.length);
  const names = stokesNames(world, axes);
  const stokesStride = axes.slice(2, Math.max(2, stokesAxis(world))).reduce((product, length) => product * length, 1);
  return { stokes: names.length > 0 ? names : [null], stokesStride };
}
