import { BLOCK_BYTES, parseCard, RECORD_BYTES } from '../header/card';
import { FitsHeader } from '../header/fits-header';

/** FITS files built record by record, valid or invalid as needed. */

export type FixtureValue = string | number | boolean;

/** Returns a record of 80 characters in fixed format. */
export function record(keyword: string, value: FixtureValue, comment = ''): string {
  const text = `${keyword.padEnd(8)}= ${fixed(value)}${comment === '' ? '' : ` / ${comment}`}`;
  return text.padEnd(RECORD_BYTES);
}

/** Returns the text as a record, padded to 80 characters. */
export function raw(text: string): string {
  return text.padEnd(RECORD_BYTES).slice(0, RECORD_BYTES);
}

function fixed(value: FixtureValue): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''").padEnd(8)}'`.padEnd(20);
  if (typeof value === 'boolean') return (value ? 'T' : 'F').padStart(20);
  return String(value).toUpperCase().padStart(20);
}

/** Returns a header: the records, END, and spaces to the end of the block. */
export function headerBytes(records: readonly string[]): Buffer {
  const text = [...records, raw('END')].join('');
  return Buffer.from(text.padEnd(Math.ceil(text.length / BLOCK_BYTES) * BLOCK_BYTES), 'latin1');
}

/** Returns a parsed header without an HDU. */
export function headerOf(records: readonly string[]): FitsHeader {
  return new FitsHeader(records.map((text) => parseCard(text)));
}

/** Returns data with their padding. */
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

/** Returns the mandatory records of a primary HDU. */
export function primaryRecords(bitpix: number, axes: readonly number[]): string[] {
  return [record('SIMPLE', true), ...sizeRecords(bitpix, axes)];
}

/** Returns the mandatory records of an extension. */
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

/** Returns a single-precision image, with additional records in its header. */
export function imageFile(axes: readonly number[], values: readonly number[], records: readonly string[] = []): Buffer {
  return Buffer.concat([headerBytes([...primaryRecords(-32, axes), ...records]), dataBytes(floatBytes(values))]);
}

/** Returns the same image in double precision. */
export function doubleImageFile(
  axes: readonly number[],
  values: readonly number[],
  records: readonly string[] = [],
): Buffer {
  return Buffer.concat([headerBytes([...primaryRecords(-64, axes), ...records]), dataBytes(doubleBytes(values))]);
}

export interface SkyOptions {
  projection?: string;
  /** Width of a pixel in degrees; east is left. */
  pixel?: number;
  crval?: [number, number];
  crpix?: [number, number];
}

/** Returns the world coordinates of an image as CASA 5 and later write them. */
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

/** Returns a generator of reproducible Gaussian random numbers of sigma 1: mulberry32, then Box-Muller. */
export function gaussian(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Returns the response of a Gaussian primary beam: 1 in the middle, undefined (NaN) below 0.2. */
export function primaryBeamResponse(side: number, width: number): number[] {
  return Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [(i % side) - side / 2, Math.floor(i / side) - side / 2];
    const response = Math.exp(-(x * x + y * y) / width);
    return response < 0.2 ? NaN : response;
  });
}
