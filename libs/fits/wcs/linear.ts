import { FitsHeader } from '../header/fits-header';
import { MatrixForm, matrixElement, matrixForms, WorldAxis } from './axis';

/**
 * The linear part of the transformation (FITS 3.0 eq. 8.1-8.3): how many world units (of CUNITi, before projection)
 * each pixel step makes along each world axis. Row i, column j, both from 0.
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

/** The old AIPS form: CROTA of the latitude axis turns the two sky axes (Calabretta & Greisen 2002, §6.1). */
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

/** Intermediate world coordinates of a pixel position (first pixel = 1), one for each axis, without CRVAL. */
export function intermediate(axes: readonly WorldAxis[], matrix: number[][], pixel: readonly number[]): number[] {
  return matrix.map((row) => row.reduce((sum, m, j) => sum + m * ((pixel[j] ?? 0) - (axes[j]?.crpix ?? 0)), 0));
}
