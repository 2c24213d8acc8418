import { LITTLE_ENDIAN } from '../reader/hdu';
import { PIXEL_KERNEL } from './pixel-kernel.wasm';

/** The part of WebAssembly used here, which Node's types do not declare. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: Exports };
};

/** `at` is a byte offset in the memory, `count` a multiple of 4 (any number in `tally`). */
interface Exports {
  memory: { readonly buffer: ArrayBuffer };
  swap(at: number, count: number): void;
  statistics(at: number, count: number): void;
  tally(at: number, count: number): void;
  multiply(image: number, beam: number, count: number): void;
}

/** Pixels that fit into the memory, of an image and of its primary beam each. */
export const CAPACITY = 64 * 1024;
/** Bins of a page of the histogram, as in pixel-kernel.wat, and bins in total. */
export const PAGE = 64;
const ALL_BINS = 0x10000;
const LANES = 4;
const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Layout of the memory: results and the remainder of a run are at its beginning. */
const AT = { results: 0, restOfImage: 0x100, restOfBeam: 0x110, image: 0x10000, beam: 0x50000 } as const;
const COUNTS = 0x90000;
const PAGES = 0xd0000;

let compiled: object | undefined;

/** Statistics of a run of pixels; minimum and maximum are infinite when none is finite. */
export interface RunStatistics {
  finite: number;
  undefinedPixels: number;
  minimum: number;
  maximum: number;
  sum: number;
}

/** The result of comparing a run of pixels of an image with its primary beam. */
export interface RunComparison {
  onlyInImage: number;
  onlyInBeam: number;
  beamNotPositive: number;
}

/**
 * The loops over pixels (pixel-kernel.wat), on their own memory. Pixels are copied there first, at most `CAPACITY` of
 * an image and of its primary beam each. The memory is valid until the next call.
 */
export class PixelKernel {
  /** Memory for the pixels of an image, and of its primary beam. */
  readonly image: Buffer;
  readonly beam: Buffer;
  /** The histogram: a count for each upper half of a float32, and which pages of `PAGE` counts were changed. */
  readonly counts: Uint32Array;
  readonly pages: Uint8Array;
  private readonly exports: Exports;
  private readonly memory: ArrayBuffer;
  private readonly floats: Float32Array;
  private readonly integers: Int32Array;
  private readonly doubles: Float64Array;

  constructor() {
    if (!LITTLE_ENDIAN)
      throw new Error('images can be measured on little-endian machines only, because WebAssembly is little-endian');
    compiled ??= new WebAssembly.Module(Buffer.from(PIXEL_KERNEL, 'base64'));
    this.exports = new WebAssembly.Instance(compiled).exports;
    const { buffer } = this.exports.memory;
    this.memory = buffer;
    this.image = Buffer.from(buffer, AT.image, CAPACITY * BYTES);
    this.beam = Buffer.from(buffer, AT.beam, CAPACITY * BYTES);
    this.counts = new Uint32Array(buffer, COUNTS, ALL_BINS);
    this.pages = new Uint8Array(buffer, PAGES, ALL_BINS / PAGE);
    this.floats = new Float32Array(buffer);
    this.integers = new Int32Array(buffer);
    this.doubles = new Float64Array(buffer);
  }

  /** Swaps the bytes of the 32-bit numbers in the first `length` bytes of `image` or `beam`, and of up to 3 more. */
  swap32(memory: Buffer, length: number): void {
    this.exports.swap(memory.byteOffset, Math.ceil(length / BYTES / LANES) * LANES);
  }

  /** Copies at most `CAPACITY` values to `memory` in single precision, unless they are in this memory already. */
  place(values: Float32Array | Float64Array, memory: Buffer): Float32Array {
    if (this.holds(values)) return values;
    const placed = new Float32Array(this.memory, memory.byteOffset, values.length);
    placed.set(values);
    return placed;
  }

  /** Returns true when the values are in this memory, in single precision. */
  holds(values: Float32Array | Float64Array): values is Float32Array {
    return values.buffer === this.memory && values.BYTES_PER_ELEMENT === BYTES;
  }

  /** Returns the statistics of values in this memory. */
  statistics(values: Float32Array): RunStatistics {
    const whole = values.length - (values.length % LANES);
    this.exports.statistics(values.byteOffset, whole);
    const result = {
      finite: this.count(2),
      undefinedPixels: this.count(3),
      minimum: this.minimum(),
      maximum: this.maximum(),
      sum: (this.doubles[8] ?? 0) + (this.doubles[9] ?? 0),
    };
    for (let i = whole; i < values.length; i += 1) addValue(result, values[i] ?? NaN);
    return result;
  }

  /** Counts values in this memory in the histogram. */
  tally(values: Float32Array): void {
    this.exports.tally(values.byteOffset, values.length);
  }

  /**
   * Counts image x beam in the histogram. Both are in this memory and have the same length; the image is overwritten.
   */
  multiply(image: Float32Array, beam: Float32Array): RunComparison {
    const whole = image.length - (image.length % LANES);
    this.exports.multiply(image.byteOffset, beam.byteOffset, whole);
    this.exports.tally(image.byteOffset, whole);
    const result = this.comparison();
    if (whole === image.length) return result;
    const rests = [this.rest(AT.restOfImage, image, whole), this.rest(AT.restOfBeam, beam, whole)] as const;
    this.exports.multiply(...rests, LANES);
    this.exports.tally(AT.restOfImage, LANES);
    const other = this.comparison();
    return {
      onlyInImage: result.onlyInImage + other.onlyInImage,
      onlyInBeam: result.onlyInBeam + other.onlyInBeam,
      beamNotPositive: result.beamNotPositive + other.beamNotPositive,
    };
  }

  private comparison(): RunComparison {
    return {
      onlyInImage: this.count(2),
      onlyInBeam: this.count(3),
      beamNotPositive: this.count(4),
    };
  }

  /** Copies the values after the last complete four to `at`, padded with NaN, which is not counted. */
  private rest(at: number, values: Float32Array, whole: number): number {
    const first = at / BYTES;
    this.floats.fill(NaN, first, first + LANES);
    this.floats.set(values.subarray(whole), first);
    return at;
  }

  private minimum(): number {
    const { floats } = this;
    return Math.min(floats[0] ?? NaN, floats[1] ?? NaN, floats[2] ?? NaN, floats[3] ?? NaN);
  }

  private maximum(): number {
    const { floats } = this;
    return Math.max(floats[4] ?? NaN, floats[5] ?? NaN, floats[6] ?? NaN, floats[7] ?? NaN);
  }

  /** The sum of the lanes of a vector of counts among the results. */
  private count(vector: number): number {
    const [at, { integers }] = [vector * LANES, this];
    return (integers[at] ?? 0) + (integers[at + 1] ?? 0) + (integers[at + 2] ?? 0) + (integers[at + 3] ?? 0);
  }
}

/** Adds one value to the statistics. `v - v` is 0 for a finite value and NaN for any other. */
export function addValue(statistics: RunStatistics, v: number): void {
  if (v - v === 0) {
    statistics.finite += 1;
    statistics.sum += v;
    if (v < statistics.minimum) statistics.minimum = v;
    if (v > statistics.maximum) statistics.maximum = v;
  } else if (v !== v) statistics.undefinedPixels += 1;
}
