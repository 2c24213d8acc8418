import { FitsHeader } from '../header/fits-header';

/** One world axis as its keywords say (FITS 3.0 §8.2); units and code are as written, without trailing spaces. */
export interface WorldAxis {
  /** From 1, as in CTYPEi. */
  number: number;
  ctype: string;
  /** The four characters before the algorithm code, without the hyphens that fill them up. */
  coordinate: string;
  /** The algorithm code, such as SIN or F2W; null for a linear axis. */
  algorithm: string | null;
  unit: string;
  crpix: number;
  crval: number;
  cdelt: number;
}

const FOUR_THREE = /^([A-Z0-9_-]{4})-([A-Z0-9]{1,3}) *$/;

/** The first `count` world axes, with the standard's defaults for what is missing. */
export function worldAxes(header: FitsHeader, count: number): WorldAxis[] {
  return Array.from({ length: count }, (_, i) => {
    const number = i + 1;
    const ctype = header.text(`CTYPE${number}`) ?? '';
    const form = FOUR_THREE.exec(ctype);
    return {
      number,
      ctype,
      coordinate: (form?.[1] ?? ctype).replace(/-+$/, ''),
      algorithm: form?.[2] ?? null,
      unit: header.text(`CUNIT${number}`)?.trim() ?? '',
      crpix: header.number(`CRPIX${number}`) ?? 0,
      crval: header.number(`CRVAL${number}`) ?? 0,
      cdelt: header.number(`CDELT${number}`) ?? 1,
    };
  });
}

/** Which way the header gives the linear transformation (FITS 3.0 §8.2). CASA 4 writes PC01_01 for PC1_1. */
export type MatrixForm = 'cd' | 'pc' | 'crota' | 'none';

const PC = /^PC0?[1-9]\d*_0?[1-9]\d*$/;
const CD = /^CD0?[1-9]\d*_0?[1-9]\d*$/;
const CROTA = /^CROTA[1-9]\d*$/;

/** The forms that occur; more than one must not. A rotation of zero says nothing. */
export function matrixForms(header: FitsHeader): MatrixForm[] {
  const found = new Set<MatrixForm>();
  for (const keyword of header.keywords()) {
    if (PC.test(keyword)) found.add('pc');
    else if (CD.test(keyword)) found.add('cd');
    else if (CROTA.test(keyword) && header.number(keyword) !== 0) found.add('crota');
  }
  return [...found];
}

/** An element of the PC or CD matrix, in either way of writing its indices. */
export function matrixElement(header: FitsHeader, root: 'PC' | 'CD', i: number, j: number): number | null {
  const padded = (index: number): string => String(index).padStart(2, '0');
  return header.number(`${root}${i}_${j}`) ?? header.number(`${root}${padded(i)}_${padded(j)}`);
}
