import { RemarkLog } from '../conformance/remark';
import { FitsHeader } from '../header/fits-header';
import { LITTLE_ENDIAN } from './hdu';

const SCRATCH_BYTES = 64 * 1024;
const WORD = 2 ** 32;
/** All bits one: minus zero in ones' complement, the sum of a valid HDU. */
const MINUS_ZERO = WORD - 1;

/** Adds the carries until the sum has 32 bits. */
function fold(sum: number): number {
  while (sum >= WORD) sum = Math.floor(sum / WORD) + (sum % WORD);
  return sum;
}

/**
 * The 32-bit ones' complement sum of the checksum convention (FITS 4.0 §4.4.2.7, Appendix J), over big-endian words.
 * Bytes may arrive in chunks of any length.
 */
export class OnesComplementSum {
  private total = 0;
  private readonly scratch = Buffer.alloc(SCRATCH_BYTES);
  private readonly words = new Uint32Array(this.scratch.buffer, this.scratch.byteOffset, SCRATCH_BYTES / 4);
  /** Bytes of an incomplete word, at the start of the scratch. */
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

  /** Returns the sum so far, 0 to 2^32 - 1; an incomplete word is padded with zeros. */
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

/** Returns true when the sum of a complete HDU, including its CHECKSUM record, is that of a valid one. */
export function isValidHduSum(header: number, data: number): boolean {
  const sum = fold(header + data);
  return sum === MINUS_ZERO || sum === 0;
}

/** Whether the HDU matches its CHECKSUM and DATASUM; `absent` when it has neither, or both are blank (undefined). */
export type ChecksumState = 'absent' | 'valid' | 'invalid';

const ENCODED = /^[0-9A-Za-z]{16}$/;
const DECIMAL = /^\d{1,10}$/;

/** Sums an HDU as it arrives, and compares it with its CHECKSUM and DATASUM (FITS 4.0 §4.4.2.7). */
export class HduSums {
  private readonly headerSum = new OnesComplementSum();
  private readonly dataSum = new OnesComplementSum();
  private checksum: string | null = null;
  private datasum: string | null = null;

  start(): void {
    this.headerSum.reset();
    this.dataSum.reset();
    this.checksum = null;
    this.datasum = null;
  }

  /** Headers are always summed, since only their end shows whether there is a CHECKSUM. */
  addHeader(block: Uint8Array): void {
    this.headerSum.add(block);
  }

  endHeader(header: FitsHeader): void {
    // A blank value means that the sum is undefined.
    this.checksum = header.nonBlankText('CHECKSUM');
    this.datasum = header.nonBlankText('DATASUM') ?? header.integer('DATASUM')?.toString() ?? null;
  }

  /** Adds data and their padding. They are summed only when there is a value to compare with. */
  addData(bytes: Uint8Array): void {
    if (this.checksum !== null || this.datasum !== null) this.dataSum.add(bytes);
  }

  verify(log: RemarkLog): ChecksumState {
    if (this.checksum === null && this.datasum === null) return 'absent';
    const whole = this.checksum === null || this.verifyChecksum(this.checksum, log);
    const data = this.datasum === null || this.verifyDatasum(this.datasum, log);
    return whole && data ? 'valid' : 'invalid';
  }

  private verifyChecksum(checksum: string, log: RemarkLog): boolean {
    const keyword = 'CHECKSUM';
    if (!ENCODED.test(checksum)) return malformed(keyword, '16 letters and digits', checksum, log);
    if (isValidHduSum(this.headerSum.value(), this.dataSum.value())) return true;
    const message = 'the HDU does not match its CHECKSUM: it was changed after it was written';
    log.add({ code: 'fits.checksum-mismatch', keyword, message, found: checksum });
    return false;
  }

  private verifyDatasum(datasum: string, log: RemarkLog): boolean {
    const keyword = 'DATASUM';
    if (!DECIMAL.test(datasum)) return malformed(keyword, 'an unsigned integer', datasum, log);
    const found = this.dataSum.value();
    if (Number(datasum) % MINUS_ZERO === found % MINUS_ZERO) return true;
    const message = 'the data do not match their DATASUM: they were changed after they were written';
    log.add({ code: 'fits.datasum-mismatch', keyword, message, expected: datasum, found: String(found) });
    return false;
  }
}

function malformed(keyword: string, form: string, found: string, log: RemarkLog): false {
  log.add({ code: 'fits.checksum-form', keyword, message: `${keyword} is not ${form}`, expected: form, found });
  return false;
}
