import type { Readable } from 'node:stream';
import { FitsReader } from '../reader/fits-reader';
import { DEFAULT_LIMITS, type Hdu, holdsImage } from '../reader/hdu';
import { type ReadRange, storedHdus } from '../reader/stored-hdu';
import { BeamTable } from './beam';
import { type ImageFacts, imageFacts } from './image-facts';
import { decompressed } from './inspect-fits';

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
  for await (const hdu of storedHdus(size, read, DEFAULT_LIMITS)) {
    if (image === null && holdsImage(hdu)) image = hdu;
    if (beams === null && hdu.dataLength <= MAX_TABLE_BYTES) {
      beams = BeamTable.from(hdu);
      if (beams !== null && hdu.dataLength > 0) {
        beams.add(await read(hdu.dataOffset, hdu.dataOffset + hdu.dataLength - 1));
      }
    }
  }
  return image && imageFacts(image, beams?.beams);
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
