import type { Readable } from 'node:stream';
import { RemarkLog } from '../conformance/remark';
import { FitsError } from '../fits.error';
import { BLOCK_BYTES } from '../header/card';
import type { FitsHeader } from '../header/fits-header';
import { FitsReader } from '../reader/fits-reader';
import { HeaderAssembler } from '../reader/header-assembler';
import { DEFAULT_LIMITS, type Hdu, holdsImage, paddingLength, readStructure } from '../reader/hdu';
import { BeamTable } from './beam';
import { type ImageFacts, imageFacts } from './image-facts';
import { decompressed } from './inspect-fits';

/** Reads the bytes `start` to `end` of a file, both included. */
export type ReadRange = (start: number, end: number) => Promise<Buffer>;

/** Bytes of a file that are read at a time: the header of an image with its history seldom has more. */
const PIECE = 24 * BLOCK_BYTES;
/** A table of beams with more bytes is not read. */
const MAX_TABLE_BYTES = 4 * 1024 * 1024;
/** Decompressed bytes in which the header of an image is expected. */
const MAX_EXPANDED_BYTES = 64 * 1024 * 1024;

/**
 * Returns the facts of the first image in a stored FITS file of `size` bytes from its headers and its table of beams alone,
 * without its pixels; null without an image. Memory use does not depend on the size of the file.
 * @throws FitsError; errors of `read` pass through
 */
export async function storedImageFacts(size: number, read: ReadRange): Promise<ImageFacts | null> {
  let image: Hdu | null = null;
  let beams: BeamTable | null = null;
  let offset = 0;
  for (let index = 0; offset < size && index < DEFAULT_LIMITS.hdus; index++) {
    const found = await readHeader(index, offset, size, read);
    if (found === null) break;
    const hdu = readStructure(found.header, { index, headerOffset: offset, dataOffset: found.end }, DEFAULT_LIMITS);
    if (image === null && holdsImage(hdu)) image = hdu;
    if (beams === null && hdu.dataLength <= MAX_TABLE_BYTES) {
      beams = BeamTable.from(hdu);
      if (beams !== null && hdu.dataLength > 0) {
        beams.add(await read(hdu.dataOffset, hdu.dataOffset + hdu.dataLength - 1));
      }
    }
    offset = hdu.dataOffset + hdu.dataLength + paddingLength(hdu);
  }
  return image && imageFacts(image, beams?.beams);
}

/** Returns the header at `offset` and where it ends; null when other data follow the last HDU. */
async function readHeader(
  index: number,
  offset: number,
  size: number,
  read: ReadRange,
): Promise<{ header: FitsHeader; end: number } | null> {
  const assembler = new HeaderAssembler(new RemarkLog(), DEFAULT_LIMITS);
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

/**
 * Returns the facts of the first image in a gzip file from its header alone, and reads no further: a table of beams behind
 * the pixels is not seen. Null without an image in the first 64 MiB.
 * @throws FitsError; errors of the source pass through
 */
export async function gzippedImageFacts(source: Readable): Promise<ImageFacts | null> {
  let image: Hdu | null = null;
  const reader = new FitsReader({
    onHeader: (hdu) => {
      if (image === null && holdsImage(hdu)) image = hdu;
    },
  });
  let size = 0;
  for await (const chunk of decompressed(source, { compression: 'gzip' }) as AsyncIterable<Buffer>) {
    reader.write(chunk);
    size += chunk.length;
    if (image !== null || size > MAX_EXPANDED_BYTES) break;
  }
  return image && imageFacts(image);
}
