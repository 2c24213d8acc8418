import { BLOCK } from '../blocks';
import { TarError } from '../tar.error';
import { SparseMap } from './sparse-map';

const NEWLINE = 0x0a;
const ZERO = 0x30;
/** 2^53 - 1 has this many digits. */
const MAX_DIGITS = 16;

/**
 * Reads the sparse map that GNU tar's pax format 1.0 keeps in front of the data: decimal numbers, each ended by a
 * newline (the count, then offset and length of every stretch), filled up to a block boundary.
 */
export class PaxSparseMapReader {
  private readonly map: SparseMap;
  private numbersLeft: number | null = null;
  private number = 0;
  private digits = 0;
  private stretchAt: number | null = null;

  /** @param at archive offset of the map */
  constructor(
    private readonly at: number,
    maxSegments: number,
  ) {
    this.map = new SparseMap(at, maxSegments);
  }

  /**
   * Takes the next block of the map; gives the map when this was the last block of it.
   * @throws TarError `tar.bad-sparse-map`, `tar.oversize-metadata`
   */
  add(block: Buffer): SparseMap | null {
    for (let i = 0; i < BLOCK && this.numbersLeft !== 0; i++) {
      const byte = block[i] ?? 0;
      if (byte === NEWLINE) this.endNumber();
      else this.addDigit(byte - ZERO);
    }
    return this.numbersLeft === 0 ? this.map : null;
  }

  private addDigit(digit: number): void {
    if (digit < 0 || digit > 9 || ++this.digits > MAX_DIGITS) throw this.malformed();
    this.number = this.number * 10 + digit;
  }

  private endNumber(): void {
    if (this.digits === 0 || !Number.isSafeInteger(this.number)) throw this.malformed();
    const value = this.number;
    this.number = 0;
    this.digits = 0;
    if (this.numbersLeft === null) {
      this.map.checkCount(value);
      this.numbersLeft = 2 * value;
      return;
    }
    this.numbersLeft--;
    if (this.stretchAt === null) {
      this.stretchAt = value;
      return;
    }
    this.map.add(this.stretchAt, value);
    this.stretchAt = null;
  }

  private malformed(): TarError {
    return new TarError('tar.bad-sparse-map', {
      at: this.at,
      expected: 'decimal numbers, each ended by a newline, in the sparse map',
      found: 'something else',
    });
  }
}
