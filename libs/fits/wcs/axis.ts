import { FitsHeader } from '../header/fits-header';
import type { Hdu } from '../reader/hdu';

/** One world axis from its keywords (FITS 3.0 §8.2); units and code are as written, without trailing spaces. */
export interface WorldAxis {
  /** From 1, as in CTYPEi. */
  number: number;
  ctype: string;
  /** The four characters before the algorithm code, without padding hyphens. */
  coordinate: string;
  /** The algorithm code, such as SIN or F2W; null for a linear axis. */
  algorithm: string | null;
  unit: string;
  crpix: number;
  crval: number;
  cdelt: number;
}

const FOUR_THREE = /^([A-Z0-9_-]{4})-([A-Z0-9]{1,3}) *$/;

/** Returns the first `count` world axes, with the standard's defaults for missing keywords. */
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

/** World axes that are looked at. */
const MAX_AXES = 32;

/** Returns the world axes of an image, and the length of each. */
export function imageAxes({ header, axes: lengths }: Pick<Hdu, 'header' | 'axes'>): {
  axes: WorldAxis[];
  shape: number[];
} {
  // World axes beyond those of the array are degenerate: a continuum image may have its frequency there.
  const count = Math.min(MAX_AXES, Math.max(lengths.length, header.integer('WCSAXES') ?? 0));
  const axes = worldAxes(header, count);
  return { axes, shape: axes.map((_, i) => lengths[i] ?? 1) };
}

/** The form of the linear transformation in the header (FITS 3.0 §8.2). CASA 4 writes PC01_01 for PC1_1. */
export type MatrixForm = 'cd' | 'pc' | 'crota' | 'none';

const PC = /^PC0?[1-9]\d*_0?[1-9]\d*$/;
const CD = /^CD0?[1-9]\d*_0?[1-9]\d*$/;
const CROTA = /^CROTA[1-9]\d*$/;

/** Returns the forms in the header; more than one is an error. A rotation of zero does not count. */
export function matrixForms(header: FitsHeader): MatrixForm[] {
  const found = new Set<MatrixForm>();
  for (const keyword of header.keywords()) {
    if (PC.test(keyword)) found.add('pc');
    else if (CD.test(keyword)) found.add('cd');
    else if (CROTA.test(keyword) && header.number(keyword) !== 0) found.add('crota');
  }
  return [...found];
}

/** Returns an element of the PC or CD matrix, with plain or zero-padded indices. */
function matrixElement(header: FitsHeader, root: 'PC' | 'CD', i: number, j: number): number | null {
  const padded = (index: number): string => String(index).padStart(2, '0');
  return header.number(`${root}${i}_${j}`) ?? header.number(`${root}${padded(i)}_${padded(j)}`);
}

/**
 * Returns the linear part of the transformation (FITS 3.0 eq. 8.1-8.3): the world units (CUNITi, before projection)
 * along world axis i for a step of one pixel along axis j. Row i, column j, both from 0.
 */
export function linearMatrix(header: FitsHeader, axes: readonly WorldAxis[], sky: [number, number] | null): number[][] {
  const forms = matrixForms(header);
  const form: MatrixForm = forms.includes('cd') ? 'cd' : forms.includes('pc') ? 'pc' : (forms[0] ?? 'none');
  const matrix = axes.map((row) => axes.map((column) => element(header, form, row, column)));
  if (form === 'crota' && sky) rotate(header, axes, matrix, sky);
  return matrix;
}

function element(header: FitsHeader, form: MatrixForm, row: WorldAxis, column: WorldAxis): number {
  if (form === 'cd') return matrixElement(header, 'CD', row.number, column.number) ?? 0;
  const identity = row.number === column.number ? 1 : 0;
  if (form !== 'pc') return identity * row.cdelt;
  return row.cdelt * (matrixElement(header, 'PC', row.number, column.number) ?? identity);
}

/** The old AIPS form: CROTA of the latitude axis rotates the two sky axes (Calabretta & Greisen 2002, §6.1). */
function rotate(header: FitsHeader, axes: readonly WorldAxis[], matrix: number[][], sky: [number, number]): void {
  const [lon, lat] = sky;
  const rho = ((header.number(`CROTA${lat + 1}`) ?? 0) * Math.PI) / 180;
  const [lonStep, latStep] = [axes[lon]?.cdelt ?? 1, axes[lat]?.cdelt ?? 1];
  const [lonRow, latRow] = [matrix[lon], matrix[lat]];
  if (!lonRow || !latRow) return;
  lonRow[lon] = lonStep * Math.cos(rho);
  lonRow[lat] = -latStep * Math.sin(rho);
  latRow[lon] = lonStep * Math.sin(rho);
  latRow[lat] = latStep * Math.cos(rho);
}

/** Returns the intermediate world coordinates of a pixel (first pixel = 1), one for each axis, without CRVAL. */
export function intermediate(axes: readonly WorldAxis[], matrix: number[][], pixel: readonly number[]): number[] {
  return matrix.map((row) => row.reduce((sum, m, j) => sum + m * ((pixel[j] ?? 0) - (axes[j]?.crpix ?? 0)), 0));
}
