import { LITTLE_ENDIAN } from './byte-order';

const SCRATCH_BYTES = 64 * 1024;
const WORD = 2 ** 32;
/** All bits one: minus zero in ones' complement, what a valid HDU sums to. */
export const MINUS_ZERO = WORD - 1;

/** Adds the carries back in, until the sum has 32 bits. */
function fold(sum: number): number {
  while (sum >= WORD) sum = Math.floor(sum / WORD) + (sum % WORD);
  return sum;
}

/**
 * The 32-bit ones' complement sum of the checksum convention (FITS 4.0 §4.4.2.7, Appendix J), over big-endian words.
 * Bytes may arrive in pieces of any length.
 */
export class OnesComplementSum {
  private total = 0;
  private readonly scratch = Buffer.alloc(SCRATCH_BYTES);
  private readonly words = new Uint32Array(this.scratch.buffer, this.scratch.byteOffset, SCRATCH_BYTES / 4);
  /** Bytes of a word that has not arrived whole; they stand at the start of the scratch. */
  private held = 0;

  reset(): void {
    this.total = 0;
    this.held = 0;
  }

  add(bytes: Uint8Array): void {
    let from = 0;
    while (from < bytes.length) {
      const taken = Math.min(bytes.length - from, SCRATCH_BYTES - this.held);
      this.scratch.set(bytes.subarray(from, from + taken), this.held);
      from += taken;
      this.sumWords(this.held + taken);
    }
  }

  /** The sum so far, 0 to 2^32 - 1; a word that has not arrived whole counts as if zeros followed. */
  value(): number {
    if (this.held === 0) return this.total;
    const rest = Buffer.alloc(4);
    this.scratch.copy(rest, 0, 0, this.held);
    return fold(this.total + rest.readUInt32BE(0));
  }

  private sumWords(length: number): void {
    const whole = length - (length % 4);
    this.held = length - whole;
    if (LITTLE_ENDIAN) this.scratch.subarray(0, whole).swap32();
    const words = this.words;
    const count = whole / 4;
    // Exact: 16 Ki words of 32 bits stay far below 2^53.
    let sum = this.total;
    for (let i = 0; i < count; i += 1) sum += words[i] ?? 0;
    this.total = fold(sum);
    this.scratch.copyWithin(0, whole, length);
  }
}

/** Is the sum of a whole HDU, its CHECKSUM record included, that of a valid one? */
export function isValidHduSum(header: number, data: number): boolean {
  const sum = fold(header + data);
  return sum === MINUS_ZERO || sum === 0;
}
