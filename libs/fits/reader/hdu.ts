import { endianness } from 'node:os';
import { FitsError } from '../fits.error';
import { BLOCK_BYTES } from '../header/card';
import { FitsHeader } from '../header/fits-header';

/** Kind of an HDU: `other` is an extension of a type that the standard does not define; its data are skipped. */
export type HduKind = 'primary' | 'random-groups' | 'image' | 'bintable' | 'table' | 'other';

export type Bitpix = 8 | 16 | 32 | 64 | -32 | -64;

/** One header and data unit. Offsets and lengths are bytes of the (decompressed) file; `dataLength` has no padding. */
export interface Hdu {
  index: number;
  kind: HduKind;
  /** EXTNAME, or null. */
  name: string | null;
  header: FitsHeader;
  bitpix: Bitpix;
  /** NAXIS1, NAXIS2, ...: the first axis varies fastest. */
  axes: number[];
  pcount: number;
  gcount: number;
  headerOffset: number;
  dataOffset: number;
  dataLength: number;
}

/** Limits of the reader, which refuses a larger file with `fits.limit`. */
export interface FitsLimits {
  /** Bytes of one header. It is large, since CASA writes the complete history of an image into the header. */
  headerBytes: number;
  /** Records with a value in one header: CASA writes about a hundred, and its history has none. */
  valueRecords: number;
  hdus: number;
  /** The standard allows 999; images of the observatory have only a few. */
  axes: number;
  /** Bytes of data in one HDU. */
  dataBytes: number;
}

export const DEFAULT_LIMITS: Readonly<FitsLimits> = {
  headerBytes: 8 * 1024 * 1024,
  valueRecords: 20_000,
  hdus: 1000,
  axes: 32,
  dataBytes: 4 * 1024 ** 4,
};

/** FITS data are big-endian (FITS 3.0 §5): a little-endian machine swaps the bytes in bulk before use. */
export const LITTLE_ENDIAN = endianness() === 'LE';

const KINDS: Record<string, HduKind> = { IMAGE: 'image', BINTABLE: 'bintable', TABLE: 'table' };

/**
 * Returns true when the HDU contains an uncompressed array of pixels, and nothing else. Compressed images are binary
 * tables (FITS 4.0 §10). An IMAGE with parameters or groups breaks §7.1, and the position of its pixels is undefined.
 */
export function holdsImage(hdu: Hdu): boolean {
  const isArray = hdu.kind === 'primary' || hdu.kind === 'image';
  return isArray && hdu.axes.length >= 2 && hdu.axes.every((n) => n > 0) && hdu.pcount === 0 && hdu.gcount === 1;
}

/** Returns the number of padding bytes in the last data block (FITS 3.0 §3.3.2). */
export function paddingLength(hdu: Pick<Hdu, 'dataLength'>): number {
  return (BLOCK_BYTES - (hdu.dataLength % BLOCK_BYTES)) % BLOCK_BYTES;
}

/**
 * Reads the structure of an HDU from its mandatory keywords (FITS 3.0 §4.4.1, eq. 4.1, 4.2 and 6.1). Throws
 * `fits.structure` when the size of the data cannot be computed, and `fits.limit` when it exceeds the limits.
 */
export function readStructure(
  header: FitsHeader,
  place: { index: number; headerOffset: number; dataOffset: number },
  limits: FitsLimits,
): Hdu {
  const offset = place.headerOffset;
  const bitpix = readBitpix(header, offset);
  const axes = readAxes(header, offset, limits);
  const grouped = place.index === 0 && header.logical('GROUPS') === true && axes[0] === 0;
  const counted = place.index > 0 || grouped;
  const pcount = counted ? optionalCount(header, 'PCOUNT', 0, offset) : 0;
  const gcount = counted ? optionalCount(header, 'GCOUNT', 1, offset) : 1;
  const product = (grouped ? axes.slice(1) : axes).reduce((size, axis) => size * BigInt(axis), 1n);
  const values = axes.length === 0 ? 0n : BigInt(gcount) * (BigInt(pcount) + product);
  const bytes = (BigInt(Math.abs(bitpix)) / 8n) * values;
  if (bytes > BigInt(limits.dataBytes)) {
    const message = `HDU ${place.index} declares ${bytes} bytes of data, more than the limit of ${limits.dataBytes}`;
    throw new FitsError('fits.limit', message, offset);
  }
  const kind = place.index === 0 ? (grouped ? 'random-groups' : 'primary') : extensionKind(header);
  const name = header.nonBlankText('EXTNAME');
  return { ...place, kind, name, header, bitpix, axes, pcount, gcount, dataLength: Number(bytes) };
}

function extensionKind(header: FitsHeader): HduKind {
  return KINDS[header.text('XTENSION') ?? ''] ?? 'other';
}

function readBitpix(header: FitsHeader, offset: number): Bitpix {
  const bitpix = requiredInteger(header, 'BITPIX', offset);
  switch (bitpix) {
    case 8:
    case 16:
    case 32:
    case 64:
    case -32:
    case -64:
      return bitpix;
    default:
      throw new FitsError('fits.structure', `BITPIX is ${bitpix}, not 8, 16, 32, 64, -32 or -64`, offset);
  }
}

function readAxes(header: FitsHeader, offset: number, limits: FitsLimits): number[] {
  const count = requiredInteger(header, 'NAXIS', offset);
  if (count < 0) throw new FitsError('fits.structure', `NAXIS is negative: ${count}`, offset);
  if (count > limits.axes)
    throw new FitsError('fits.limit', `NAXIS is ${count}, more than the limit of ${limits.axes}`, offset);
  return Array.from({ length: count }, (_, i) => {
    const length = requiredInteger(header, `NAXIS${i + 1}`, offset);
    if (length < 0) throw new FitsError('fits.structure', `NAXIS${i + 1} is negative: ${length}`, offset);
    return length;
  });
}

function requiredInteger(header: FitsHeader, keyword: string, offset: number): number {
  const value = header.integer(keyword);
  if (value !== null) return value;
  const reason = header.has(keyword) ? 'is not an integer' : 'is missing';
  throw new FitsError('fits.structure', `${keyword} ${reason}`, offset);
}

function optionalCount(header: FitsHeader, keyword: string, fallback: number, offset: number): number {
  if (!header.has(keyword)) return fallback;
  const value = requiredInteger(header, keyword, offset);
  if (value < 0) throw new FitsError('fits.structure', `${keyword} is negative: ${value}`, offset);
  return value;
}
