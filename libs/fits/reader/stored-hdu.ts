import { RemarkLog } from '../conformance/remark';
import { FitsError } from '../fits.error';
import { BLOCK_BYTES } from '../header/card';
import type { FitsHeader } from '../header/fits-header';
import { type FitsLimits, type Hdu, paddingLength, readStructure } from './hdu';
import { HeaderAssembler } from './header-assembler';

/** Reads the bytes `start` to `end` of a file, both included. */
export type ReadRange = (start: number, end: number) => Promise<Buffer>;

/** Bytes of a file that are read at a time: the header of an image with its history seldom has more. */
const PIECE = 24 * BLOCK_BYTES;

/**
 * Yields the HDUs of a stored file of `size` bytes from their headers alone, in the order of the file. Ends where other data
 * follow the last one, and after as many HDUs as the limits allow.
 * @throws FitsError; errors of `read` pass through
 */
export async function* storedHdus(
  size: number,
  read: ReadRange,
  limits: Readonly<FitsLimits>,
): AsyncGenerator<Hdu, void> {
  let offset = 0;
  for (let index = 0; offset < size && index < limits.hdus; index++) {
    const found = await readHeader(index, offset, size, read, limits);
    if (found === null) return;
    const hdu = readStructure(found.header, { index, headerOffset: offset, dataOffset: found.end }, limits);
    yield hdu;
    offset = hdu.dataOffset + hdu.dataLength + paddingLength(hdu);
  }
}

/** Returns the header at `offset` and where it ends; null when other data follow the last HDU. */
async function readHeader(
  index: number,
  offset: number,
  size: number,
  read: ReadRange,
  limits: Readonly<FitsLimits>,
): Promise<{ header: FitsHeader; end: number } | null> {
  const assembler = new HeaderAssembler(new RemarkLog(), limits);
  for (let at = offset; at + BLOCK_BYTES <= size; at += PIECE) {
    const piece = await read(at, Math.min(at + PIECE, size) - 1);
    const start = index === 0 ? 'SIMPLE  =' : 'XTENSION';
    if (at === offset && piece.toString('latin1', 0, start.length) !== start) {
      if (index > 0) return null;
      throw new FitsError('fits.not-fits', 'the file does not begin with SIMPLE', 0);
    }
    for (let from = 0; from + BLOCK_BYTES <= piece.length; from += BLOCK_BYTES) {
      const header = assembler.add(piece.subarray(from, from + BLOCK_BYTES), offset);
      if (header !== null) return { header, end: at + from + BLOCK_BYTES };
    }
  }
  throw new FitsError('fits.truncated', `the header of HDU ${index} has no END`, size);
}
