import { Bitpix, Hdu } from '../reader/hdu';
import { PixelKernel, CAPACITY } from './pixel-kernel';

/** Physical values of pixels; NaN where the value is undefined. Single precision stays single. */
export type Pixels = Float32Array | Float64Array;

const SCRATCH_BYTES = CAPACITY * Float32Array.BYTES_PER_ELEMENT;
const MAX_WIDTH = 8;

/**
 * Decodes the bytes of an image to physical values: PHYSICAL = BZERO + BSCALE x STORED, BLANK to NaN (FITS 3.0
 * §4.4.2.5, §5). Bytes may arrive in chunks of any length. The yielded arrays are in the shared memory of the kernel:
 * use each one before the next call of the kernel. 64-bit integers beyond 2^53 lose their last digits.
 */
export class PixelDecoder {
  private readonly width: number;
  private readonly scratch: Buffer;
  private readonly physical: (count: number) => Pixels;
  /** Bytes of a value that has not arrived completely. */
  private readonly incomplete = Buffer.alloc(MAX_WIDTH);
  private held = 0;

  constructor(
    hdu: Pick<Hdu, 'header' | 'bitpix'>,
    private readonly kernel: PixelKernel,
  ) {
    this.scratch = kernel.image;
    const scale = hdu.header.number('BSCALE') ?? 1;
    const zero = hdu.header.number('BZERO') ?? 0;
    const blank = hdu.bitpix > 0 ? hdu.header.number('BLANK') : null;
    this.width = Math.abs(hdu.bitpix) / 8;
    this.physical =
      hdu.bitpix < 0 && scale === 1 && zero === 0
        ? plainValues(floats(this.scratch, hdu.bitpix))
        : scaledValues(storedView(this.scratch, hdu.bitpix), scale, zero, blank);
  }

  *decode(bytes: Uint8Array): Generator<Pixels, void, undefined> {
    let from = 0;
    while (from < bytes.length) {
      const taken = Math.min(bytes.length - from, SCRATCH_BYTES - this.held);
      this.scratch.set(this.incomplete.subarray(0, this.held));
      // Not `set`, which copies byte by byte when the two are aligned differently in shared memory.
      this.scratch.fill(bytes.subarray(from, from + taken), this.held, this.held + taken);
      from += taken;
      const length = this.held + taken;
      const whole = length - (length % this.width);
      this.held = this.scratch.copy(this.incomplete, 0, whole, length);
      this.swap(whole);
      if (whole > 0) yield this.physical(whole / this.width);
    }
  }

  private swap(length: number): void {
    if (this.width === 2) this.scratch.subarray(0, length).swap16();
    else if (this.width === 4) this.kernel.swap32(this.scratch, length);
    else if (this.width === 8) this.scratch.subarray(0, length).swap64();
  }
}

function plainValues(view: Pixels): (count: number) => Pixels {
  return (count) => view.subarray(0, count);
}

function scaledValues(
  stored: ArrayLike<number | bigint>,
  scale: number,
  zero: number,
  blank: number | null,
): (count: number) => Pixels {
  const physical = new Float64Array(stored.length);
  return (count) => {
    for (let i = 0; i < count; i += 1) {
      const value = Number(stored[i]);
      physical[i] = value === blank ? NaN : zero + scale * value;
    }
    return physical.subarray(0, count);
  };
}

function storedView(scratch: Buffer, bitpix: Bitpix): ArrayLike<number | bigint> {
  const { buffer, byteOffset } = scratch;
  switch (bitpix) {
    case 8:
      return new Uint8Array(buffer, byteOffset, SCRATCH_BYTES);
    case 16:
      return new Int16Array(buffer, byteOffset, SCRATCH_BYTES / 2);
    case 32:
      return new Int32Array(buffer, byteOffset, SCRATCH_BYTES / 4);
    case 64:
      return new BigInt64Array(buffer, byteOffset, SCRATCH_BYTES / 8);
    case -32:
    case -64:
      return floats(scratch, bitpix);
  }
}

function floats(scratch: Buffer, bitpix: Bitpix): Pixels {
  const { buffer, byteOffset } = scratch;
  return bitpix === -32
    ? new Float32Array(buffer, byteOffset, SCRATCH_BYTES / 4)
    : new Float64Array(buffer, byteOffset, SCRATCH_BYTES / 8);
}
