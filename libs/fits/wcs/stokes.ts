import { WorldAxis } from './axis';

/** Names of the conventional values of a STOKES axis (FITS 3.0 Table 8.5). */
const NAMES: Record<string, string> = {
  '1': 'I',
  '2': 'Q',
  '3': 'U',
  '4': 'V',
  '-1': 'RR',
  '-2': 'LL',
  '-3': 'RL',
  '-4': 'LR',
  '-5': 'XX',
  '-6': 'YY',
  '-7': 'XY',
  '-8': 'YX',
};
/** Twelve values have a name: a longer axis is not a valid STOKES axis. */
const MAX_VALUES = 12;

/** Returns the index (from 0) of the STOKES axis among the world axes; -1 without one. */
export function stokesAxis(axes: readonly WorldAxis[]): number {
  return axes.findIndex((axis) => axis.ctype.trimEnd() === 'STOKES');
}

/** Returns the Stokes parameters or correlations along the axis, in order; `?` for a value without a name. */
export function stokesNames(axes: readonly WorldAxis[], shape: readonly number[]): string[] {
  const position = stokesAxis(axes);
  const axis = axes[position];
  const length = shape[position] ?? 0;
  if (!axis || length > MAX_VALUES) return [];
  return Array.from({ length }, (_, i) => {
    const value = axis.crval + (i + 1 - axis.crpix) * axis.cdelt;
    return NAMES[String(Math.round(value))] ?? '?';
  });
}
