import { BLOCK_BYTES, parseCard, RECORD_BYTES } from '../header/card';
import { FitsHeader } from '../header/fits-header';

/** Files put together by hand, record by record, sound or broken at will. */

export type FixtureValue = string | number | boolean;

/** One record in fixed format, 80 characters. */
export function record(keyword: string, value: FixtureValue, comment = ''): string {
  const text = `${keyword.padEnd(8)}= ${fixed(value)}${comment === '' ? '' : ` / ${comment}`}`;
  return text.padEnd(RECORD_BYTES);
}

/** A record as it is given, filled up to 80 characters. */
export function raw(text: string): string {
  return text.padEnd(RECORD_BYTES).slice(0, RECORD_BYTES);
}

function fixed(value: FixtureValue): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''").padEnd(8)}'`.padEnd(20);
  if (typeof value === 'boolean') return (value ? 'T' : 'F').padStart(20);
  return String(value).toUpperCase().padStart(20);
}

/** A header: the records, END, and spaces up to the block. */
export function headerBytes(records: readonly string[]): Buffer {
  const text = [...records, raw('END')].join('');
  return Buffer.from(text.padEnd(Math.ceil(text.length / BLOCK_BYTES) * BLOCK_BYTES), 'latin1');
}

/** A parsed header without an HDU around it. */
export function headerOf(records: readonly string[]): FitsHeader {
  return new FitsHeader(records.map((text) => parseCard(text)));
}

/** Data and their fill. */
export function dataBytes(data: Buffer, fill = 0): Buffer {
  const length = Math.ceil(data.length / BLOCK_BYTES) * BLOCK_BYTES;
  return Buffer.concat([data, Buffer.alloc(length - data.length, fill)]);
}

export function floatBytes(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => bytes.writeFloatBE(value, i * 4));
  return bytes;
}

export function doubleBytes(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, i) => bytes.writeDoubleBE(value, i * 8));
  return bytes;
}

/** Mandatory records of a primary HDU. */
export function primaryRecords(bitpix: number, axes: readonly number[]): string[] {
  return [record('SIMPLE', true), ...sizeRecords(bitpix, axes)];
}

/** Mandatory records of an extension. */
export function extensionRecords(
  type: string,
  bitpix: number,
  axes: readonly number[],
  counts: { pcount?: number; gcount?: number; tfields?: number } = {},
): string[] {
  const tfields = counts.tfields === undefined ? [] : [record('TFIELDS', counts.tfields)];
  const [pcount, gcount] = [counts.pcount ?? 0, counts.gcount ?? 1];
  const start = [record('XTENSION', type), ...sizeRecords(bitpix, axes)];
  return [...start, record('PCOUNT', pcount), record('GCOUNT', gcount), ...tfields];
}

function sizeRecords(bitpix: number, axes: readonly number[]): string[] {
  const lengths = axes.map((length, i) => record(`NAXIS${i + 1}`, length));
  return [record('BITPIX', bitpix), record('NAXIS', axes.length), ...lengths];
}

/** A single-precision image with what else its header holds. */
export function imageFile(axes: readonly number[], values: readonly number[], records: readonly string[] = []): Buffer {
  return Buffer.concat([headerBytes([...primaryRecords(-32, axes), ...records]), dataBytes(floatBytes(values))]);
}

/** The same in double precision. */
export function doubleImageFile(
  axes: readonly number[],
  values: readonly number[],
  records: readonly string[] = [],
): Buffer {
  return Buffer.concat([headerBytes([...primaryRecords(-64, axes), ...records]), dataBytes(doubleBytes(values))]);
}

export interface SkyOptions {
  projection?: string;
  /** Width of a pixel in degrees; east to the left. */
  pixel?: number;
  crval?: [number, number];
  crpix?: [number, number];
}

/** World coordinates of an image as CASA 5 and later write them. */
export function skyRecords(options: SkyOptions = {}): string[] {
  const { projection = 'SIN', pixel = 1e-4, crval = [150, -30], crpix = [1, 1] } = options;
  return [
    record('RADESYS', 'ICRS'),
    record('CTYPE1', `RA---${projection}`),
    record('CRVAL1', crval[0]),
    record('CDELT1', -pixel),
    record('CRPIX1', crpix[0]),
    record('CUNIT1', 'deg'),
    record('CTYPE2', `DEC--${projection}`),
    record('CRVAL2', crval[1]),
    record('CDELT2', pixel),
    record('CRPIX2', crpix[1]),
    record('CUNIT2', 'deg'),
  ];
}
