import { RemarkLog } from '../conformance/remark';
import { FitsHeader } from '../header/fits-header';
import { isValidHduSum, MINUS_ZERO, OnesComplementSum } from './checksum';

/** Did the HDU's CHECKSUM and DATASUM hold? `absent` when it has neither, or says they are undefined. */
export type ChecksumState = 'absent' | 'valid' | 'invalid';

const ENCODED = /^[0-9A-Za-z]{16}$/;
const DECIMAL = /^\d{1,10}$/;

/** Sums an HDU as it passes and compares it with its CHECKSUM and DATASUM (FITS 4.0 §4.4.2.7). */
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

  /** Headers are always summed: whether there is a CHECKSUM is known only at their end. */
  addHeader(block: Uint8Array): void {
    this.headerSum.add(block);
  }

  endHeader(header: FitsHeader): void {
    // A blank value says that the sum is undefined.
    this.checksum = header.words('CHECKSUM');
    this.datasum = header.words('DATASUM') ?? header.integer('DATASUM')?.toString() ?? null;
  }

  /** Data and their fill. Summed only when there is something to compare with. */
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
    if (!ENCODED.test(checksum)) {
      const message = 'CHECKSUM is not 16 letters and digits';
      log.add({ code: 'fits.checksum-form', keyword, message, found: checksum });
      return false;
    }
    if (isValidHduSum(this.headerSum.value(), this.dataSum.value())) return true;
    const message = 'the HDU does not add up to its CHECKSUM: it was changed after it was written';
    log.add({ code: 'fits.checksum-mismatch', keyword, message, found: checksum });
    return false;
  }

  private verifyDatasum(datasum: string, log: RemarkLog): boolean {
    const keyword = 'DATASUM';
    if (!DECIMAL.test(datasum)) {
      const message = 'DATASUM is not an unsigned integer';
      log.add({ code: 'fits.checksum-form', keyword, message, found: datasum });
      return false;
    }
    const found = this.dataSum.value();
    if (Number(datasum) % MINUS_ZERO === found % MINUS_ZERO) return true;
    const message = 'the data do not add up to DATASUM: they were changed after they were written';
    log.add({ code: 'fits.datasum-mismatch', keyword, message, expected: datasum, found: String(found) });
    return false;
  }
}
