import { FitsError } from '../fits.error';
import { BLOCK_BYTES } from '../header/card';
import { FitsHeader } from '../header/fits-header';
import { FitsLimits } from './limits';

/** What an HDU is: `other` is an extension of a type the standard does not define; its data are passed over. */
export type HduKind = 'primary' | 'random-groups' | 'image' | 'bintable' | 'table' | 'other';

export type Bitpix = 8 | 16 | 32 | 64 | -32 | -64;

/** One header and data unit. Offsets and lengths are bytes of the (decompressed) file; `dataLength` has no fill. */
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

const KINDS: Record<string, HduKind> = { IMAGE: 'image', BINTABLE: 'bintable', TABLE: 'table' };

/**
 * Does the HDU hold an array of pixels, stored plainly, and nothing else? Compressed images are binary tables (FITS 4.0
 * §10); an IMAGE that counts parameters or groups breaks §7.1, and where its pixels lie is anybody's guess.
 */
export function holdsImage(hdu: Hdu): boolean {
  const isArray = hdu.kind === 'primary' || hdu.kind === 'image';
  return isArray && hdu.axes.length >= 2 && hdu.axes.every((n) => n > 0) && hdu.pcount === 0 && hdu.gcount === 1;
}

/** Bytes of fill that end the last data block (FITS 3.0 §3.3.2). */
export function fillLength(hdu: Hdu): number {
  return (BLOCK_BYTES - (hdu.dataLength % BLOCK_BYTES)) % BLOCK_BYTES;
}

/**
 * The structure of an HDU from its mandatory keywords (FITS 3.0 §4.4.1, eq. 4.1, 4.2 and 6.1). Throws
 * `fits.structure` where the size of the data cannot be known, `fits.limit` where it is beyond the limits.
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
    throw new FitsError('fits.limit', `HDU ${place.index} says it holds ${bytes} bytes of data`, offset);
  }
  const kind = place.index === 0 ? (grouped ? 'random-groups' : 'primary') : extensionKind(header);
  const name = header.words('EXTNAME');
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
  if (count < 0) throw new FitsError('fits.structure', `NAXIS is ${count}`, offset);
  if (count > limits.axes) throw new FitsError('fits.limit', `NAXIS is ${count}, over ${limits.axes}`, offset);
  return Array.from({ length: count }, (_, i) => {
    const length = requiredInteger(header, `NAXIS${i + 1}`, offset);
    if (length < 0) throw new FitsError('fits.structure', `NAXIS${i + 1} is ${length}`, offset);
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
  if (value < 0) throw new FitsError('fits.structure', `${keyword} is ${value}`, offset);
  return value;
}
