import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { FitsError } from '../fits.error';
import { isBeamTable } from '../facts/beam';
import { DEFAULT_LIMITS, type FitsLimits, type Hdu, holdsImage, paddingLength } from '../reader/hdu';
import { storedHdus } from '../reader/stored-hdu';
import { worldAxes } from '../wcs/axis';
import { spectralAxis } from '../wcs/spectral';
import { stokesAxis } from '../wcs/stokes';
import { cutBeamTable } from './beam-rows';
import { cutoutHeader, headerBytes } from './cutout-header';
import { pixelBytes, pixelReads } from './pixel-reads';
import { type AxisCut, type CutoutFilter, planCutout } from './plan-cutout';

/** A stored FITS file. */
export interface StoredFits {
  /** Its name and digest, for HISTORY. */
  readonly name: string;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** Opens the bytes `start` to `end`, both included. */
  open(start: number, end: number): Promise<Readable>;
}

/** A part of an image as a FITS file. */
export interface Cutout {
  /** Bytes of the file. */
  readonly size: number;
  /** Its bytes; the stored pixels are read while they are taken. */
  readonly pieces: AsyncGenerator<Buffer, void>;
}

/** Headers and files of images are far smaller. */
const LIMITS: Readonly<FitsLimits> = { ...DEFAULT_LIMITS, headerBytes: 1024 * 1024, hdus: 32 };

/**
 * Cuts out a part of the first image in a stored, uncompressed FITS file. The result has the image with the coordinates of
 * its pixels unchanged, and the beams of its channels; a file whose image is in an extension keeps its primary header.
 * Returns null when the filter and the image share no pixel. Reads headers, and then the rows that the part needs.
 * @throws FitsError `fits.cutout` when the image cannot be cut like this, others for an unusable file; errors of the
 *   source pass through
 */
export async function openCutout(file: StoredFits, filter: CutoutFilter): Promise<Cutout | null> {
  const read = async (start: number, end: number): Promise<Buffer> => buffer(await file.open(start, end));
  let primary: Hdu | null = null;
  let image: Hdu | null = null;
  let beams: Hdu | null = null;
  let cuts: AxisCut[] | null = null;
  for await (const hdu of storedHdus(file.size, read, LIMITS)) {
    primary ??= hdu;
    if (image === null && holdsImage(hdu)) {
      image = hdu;
      cuts = planCutout(hdu, filter);
      if (cuts === null) return null;
      checkComplete(hdu, file.size);
    } else if (image !== null && isBeamTable(hdu)) {
      beams = hdu;
      break;
    }
  }
  if (primary === null || image === null || cuts === null) throw refusal('the file has no uncompressed image');
  const heads = [cutoutHeader(image.header, cuts, historyOf(file, cuts))];
  if (image !== primary) {
    if (primary.dataLength > 0) throw refusal('the file has other data before its image');
    heads.unshift(headerBytes(primary.header.cards.map(({ record }) => record)));
  }
  const table = beams && (await cutBeamTable(beams, ...beamCuts(image, cuts), read));
  const pixel = Math.abs(image.bitpix) / 8;
  const bytes = cuts.reduce((product, { count }) => product * count, pixel);
  const padding = Buffer.alloc(paddingLength({ dataLength: bytes }));
  const [head, tail] = [Buffer.concat(heads), table === null ? padding : Buffer.concat([padding, table])];
  const { dataOffset, axes } = image;
  const reads = pixelReads(axes, cuts, pixel);
  return {
    size: head.length + bytes + tail.length,
    pieces: (async function* () {
      yield head;
      yield* pixelBytes(reads, (start, end) => file.open(dataOffset + start, dataOffset + end));
      if (tail.length > 0) yield tail;
    })(),
  };
}

function checkComplete({ dataOffset, dataLength }: Hdu, size: number): void {
  if (dataOffset + dataLength <= size) return;
  throw new FitsError('fits.truncated', 'the file ends within the pixels of its image', size);
}

/** The sections are those of the whole image, as `first:last:step` along each axis from 1. */
function historyOf({ name, sha256 }: StoredFits, cuts: readonly AxisCut[]): string[] {
  const sections = cuts.map(({ first, count, step }) => {
    const last = first + (count - 1) * step;
    return `${first}:${last}${step === 1 ? '' : `:${step}`}`;
  });
  return [`Almagest cut out the pixels [${sections.join(',')}] of ${name}`, `SHA-256 ${sha256}`];
}

function beamCuts({ header, axes: lengths }: Hdu, cuts: readonly AxisCut[]): [AxisCut | null, AxisCut | null] {
  const axes = worldAxes(header, lengths.length);
  return [cuts[spectralAxis(axes)] ?? null, cuts[stokesAxis(axes)] ?? null];
}

function refusal(message: string): FitsError {
  return new FitsError('fits.cutout', message);
}
