import { FitsError } from '../fits.error';
import { BLOCK_BYTES } from '../header/card';
import { checkHeader } from '../conformance/header.checks';
import { Remark, RemarkLog } from '../conformance/remark';
import { ChecksumState, HduSums } from './checksum';
import { DEFAULT_LIMITS, paddingLength, FitsLimits, Hdu, readStructure } from './hdu';
import { HeaderAssembler } from './header-assembler';

/** Receives what the reader finds, in the order of the file. An exception from a handler ends the reading. */
export interface FitsHandler {
  /** A header was read, and its structure is valid. */
  onHeader?(hdu: Hdu): void;
  /** The next bytes of its data, without padding: a view of the caller's chunk, valid only during the call. */
  onData?(hdu: Hdu, bytes: Uint8Array): void;
  /** Its data are complete. */
  onHduEnd?(hdu: Hdu, checksum: ChecksumState): void;
}

/** Totals of a file, known at its end. */
export interface FitsSummary {
  /** Bytes of the (decompressed) file. */
  size: number;
  hdus: number;
  remarks: readonly Remark[];
  /** Number of remarks over the limits of the log, which were not kept. */
  remarksOmitted: number;
}

type State = 'header' | 'data' | 'padding' | 'trailing' | 'ended' | 'failed';

const PRIMARY_START = 'SIMPLE  =';
const EXTENSION_START = 'XTENSION';

/**
 * Reads a FITS file as it arrives: call `write` for each chunk, then `end`. It is a synchronous state machine without a
 * stream, and buffers at most a header block. Throws `FitsError` when the file cannot be read further; other departures
 * from the standard become remarks (FITS 3.0, and 4.0 for CONTINUE and checksums).
 */
export class FitsReader {
  private state: State = 'header';
  private offset = 0;
  private readonly block = Buffer.alloc(BLOCK_BYTES);
  private blockFilled = 0;
  private headerOffset = 0;
  private hdu: Hdu | null = null;
  private index = 0;
  private remaining = 0;
  private paddingIsClean = true;
  private trailingBytes = 0;
  private readonly limits: FitsLimits;
  private readonly log = new RemarkLog();
  private readonly header: HeaderAssembler;
  private readonly sums = new HduSums();

  constructor(
    private readonly handler: FitsHandler,
    limits: Partial<FitsLimits> = {},
  ) {
    this.limits = { ...DEFAULT_LIMITS, ...limits };
    this.header = new HeaderAssembler(this.log, this.limits);
  }

  /** Reads the next bytes of the file, in chunks of any length. */
  write(chunk: Uint8Array): void {
    this.guarded(() => {
      let from = 0;
      while (from < chunk.length) {
        const rest = from === 0 ? chunk : chunk.subarray(from);
        const taken = this.take(rest);
        this.offset += taken;
        from += taken;
      }
    });
  }

  /** Ends the file. Throws `fits.truncated` when it ends inside a header or data. */
  end(): FitsSummary {
    return this.guarded(() => {
      this.finish();
      this.state = 'ended';
      return this.summary();
    });
  }

  /** The totals so far; after `end`, those of the complete file. */
  summary(): FitsSummary {
    const { remarks, omitted } = this.log;
    return { size: this.offset, hdus: this.index, remarks, remarksOmitted: omitted };
  }

  private guarded<T>(work: () => T): T {
    if (this.state === 'ended' || this.state === 'failed') {
      throw new FitsError('fits.closed', `the reader has ${this.state}`, this.offset);
    }
    try {
      return work();
    } catch (error) {
      this.state = 'failed';
      throw error;
    }
  }

  /** Reads at least one byte of the chunk, and returns how many it read. */
  private take(bytes: Uint8Array): number {
    if (this.state === 'header') return this.takeHeader(bytes);
    if (this.state === 'data') return this.takeData(bytes);
    if (this.state === 'padding') return this.takePadding(bytes);
    this.trailingBytes += bytes.length;
    return bytes.length;
  }

  private takeHeader(bytes: Uint8Array): number {
    const taken = Math.min(bytes.length, BLOCK_BYTES - this.blockFilled);
    this.block.set(bytes.subarray(0, taken), this.blockFilled);
    this.blockFilled += taken;
    if (this.header.isEmpty) this.checkStart(false);
    if (this.state === 'header' && this.blockFilled === BLOCK_BYTES) {
      this.readHeaderBlock(this.offset + taken);
      this.blockFilled = 0;
    }
    return taken;
  }

  /** Checks whether a header begins here. If not, the file is not FITS, or other data follow the last HDU. */
  private checkStart(isEnd: boolean): void {
    const start = this.index === 0 ? PRIMARY_START : EXTENSION_START;
    const found = this.block.toString('latin1', 0, Math.min(this.blockFilled, start.length));
    if (found === start || (!isEnd && start.startsWith(found))) return;
    if (this.index === 0) {
      const hint = this.block[0] === 0x1f && this.block[1] === 0x8b ? ': it is gzip data' : '';
      throw new FitsError('fits.not-fits', `the file does not begin with SIMPLE${hint}`, 0);
    }
    this.trailingBytes = this.blockFilled;
    this.blockFilled = 0;
    this.state = 'trailing';
  }

  private readHeaderBlock(blockEnd: number): void {
    if (this.header.isEmpty) this.startHdu(blockEnd - BLOCK_BYTES);
    this.sums.addHeader(this.block);
    const header = this.header.add(this.block, this.headerOffset);
    if (!header) return;
    const place = { index: this.index, headerOffset: this.headerOffset, dataOffset: blockEnd };
    const hdu = readStructure(header, place, this.limits);
    checkHeader(hdu, this.log);
    this.sums.endHeader(header);
    this.hdu = hdu;
    this.remaining = hdu.dataLength;
    this.state = 'data';
    this.handler.onHeader?.(hdu);
    if (this.remaining === 0) this.endData(hdu);
  }

  private startHdu(offset: number): void {
    if (this.index >= this.limits.hdus) {
      throw new FitsError('fits.limit', `the file has more than ${this.limits.hdus} HDUs`, offset);
    }
    this.headerOffset = offset;
    this.sums.start();
    this.log.startHdu(this.index);
  }

  private takeData(bytes: Uint8Array): number {
    const hdu = this.current();
    const taken = Math.min(bytes.length, this.remaining);
    const piece = taken === bytes.length ? bytes : bytes.subarray(0, taken);
    this.sums.addData(piece);
    this.handler.onData?.(hdu, piece);
    this.remaining -= taken;
    if (this.remaining === 0) this.endData(hdu);
    return taken;
  }

  private endData(hdu: Hdu): void {
    this.remaining = paddingLength(hdu);
    this.paddingIsClean = true;
    this.state = 'padding';
    if (this.remaining === 0) this.endHdu(hdu);
  }

  private takePadding(bytes: Uint8Array): number {
    const hdu = this.current();
    const taken = Math.min(bytes.length, this.remaining);
    const piece = bytes.subarray(0, taken);
    // ASCII tables are padded with spaces (FITS 3.0 §7.2.3), everything else with zeros (§3.3.2).
    const padding = hdu.kind === 'table' ? 0x20 : 0;
    if (this.paddingIsClean) this.paddingIsClean = piece.every((byte) => byte === padding);
    this.sums.addData(piece);
    this.remaining -= taken;
    if (this.remaining === 0) this.endHdu(hdu);
    return taken;
  }

  private endHdu(hdu: Hdu): void {
    if (!this.paddingIsClean) {
      const expected = hdu.kind === 'table' ? 'spaces' : 'zeros';
      this.log.add({ code: 'fits.data-fill', message: 'the padding after the data contains other bytes', expected });
    }
    const checksum = this.sums.verify(this.log);
    this.handler.onHduEnd?.(hdu, checksum);
    this.hdu = null;
    this.index += 1;
    this.state = 'header';
  }

  private finish(): void {
    if (this.state === 'header') this.finishHeader();
    else if (this.state === 'data') {
      const hdu = this.current();
      const found = hdu.dataLength - this.remaining;
      const message = `the data of HDU ${this.index} end after ${found} of ${hdu.dataLength} bytes`;
      throw new FitsError('fits.truncated', message, this.offset);
    } else if (this.state === 'padding') this.finishPadding();
    if (this.state === 'trailing') {
      const found = `${this.trailingBytes} bytes`;
      this.log.add({ code: 'fits.trailing-bytes', message: 'other data follow the last HDU', expected: 'none', found });
    }
  }

  private finishHeader(): void {
    if (this.offset === 0) throw new FitsError('fits.truncated', 'the file is empty', 0);
    if (this.blockFilled === 0 && this.header.isEmpty && this.index > 0) return;
    if (this.header.isEmpty) this.checkStart(true);
    if (this.state !== 'header') return;
    throw new FitsError('fits.truncated', `the header of HDU ${this.index} has no END`, this.offset);
  }

  /** The data are complete, but the last block is not: the file can still be read. */
  private finishPadding(): void {
    const message = 'the last data block is incomplete';
    const found = `${this.remaining} bytes short`;
    this.log.add({ code: 'fits.block-incomplete', message, expected: `a multiple of ${BLOCK_BYTES} bytes`, found });
    this.endHdu(this.current());
  }

  private current(): Hdu {
    if (!this.hdu) throw new FitsError('fits.closed', 'no HDU is open', this.offset);
    return this.hdu;
  }
}
