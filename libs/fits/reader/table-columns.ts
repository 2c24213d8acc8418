import { Hdu } from './hdu';

/** A column of a binary table (FITS 3.0 §7.3): its position in a row and its content. */
export interface Column {
  name: string;
  unit: string | null;
  /** The data type letter of TFORMn: `E` single precision, `J` 32-bit integer ... */
  code: string;
  repeat: number;
  offset: number;
  width: number;
}

/** Bytes of one element by data type letter (FITS 3.0 Table 7.6); a bit (X) is an eighth. */
const SIZES: Record<string, number> = {
  L: 1,
  X: 0.125,
  B: 1,
  I: 2,
  J: 4,
  K: 8,
  A: 1,
  E: 4,
  D: 8,
  C: 8,
  M: 16,
  P: 8,
  Q: 16,
};
const BINARY_FORM = /^(\d*)([LXBIJKAEDCMPQ])/;
const MAX_COLUMNS = 999;

/** Returns TFIELDS; null when it is not an integer from 0 to 999. */
export function columnCount(hdu: Hdu): number | null {
  const count = hdu.header.integer('TFIELDS');
  return count !== null && count >= 0 && count <= MAX_COLUMNS ? count : null;
}

/** Returns the columns of a binary table; null when a TFORMn is missing or invalid. */
export function binaryColumns(hdu: Hdu): Column[] | null {
  const count = columnCount(hdu);
  if (count === null) return null;
  const columns: Column[] = [];
  let offset = 0;
  for (let n = 1; n <= count; n += 1) {
    const form = BINARY_FORM.exec(hdu.header.nonBlankText(`TFORM${n}`) ?? '');
    const code = form?.[2];
    if (code === undefined) return null;
    const repeat = form?.[1] === '' ? 1 : Number(form?.[1]);
    const width = Math.ceil(repeat * (SIZES[code] ?? 0));
    const name = hdu.header.nonBlankText(`TTYPE${n}`) ?? '';
    columns.push({ name, unit: hdu.header.nonBlankText(`TUNIT${n}`), code, repeat, offset, width });
    offset += width;
  }
  return columns;
}
