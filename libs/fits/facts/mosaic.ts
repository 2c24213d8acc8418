import type { FitsHeader } from '../header/fits-header';

/** A parameter of CASA's imaging task in the history that CASA writes into the header: `gridder     = "standard"`. */
const PARAMETER = /^\s*(gridder|imagermode)\s*=\s*["']?([a-z]*)/;

const MOSAIC = new Set(['mosaic', 'mosaicft', 'ftmosaic']);
/** Gridders of tclean and modes of clean that image a single pointing. */
const SINGLE = new Set(['standard', 'ft', 'gridft', 'wproject', 'wprojectft', 'widefield', 'csclean']);

/**
 * Returns whether the imaging task in HISTORY made a mosaic: `gridder` of tclean, `imagermode` of clean in CASA 4. Null
 * when HISTORY has neither, or one that images either kind.
 */
export function mosaicOf({ cards }: FitsHeader): boolean | null {
  let isSingle = false;
  for (const { keyword, comment } of cards) {
    const value = keyword === 'HISTORY' ? PARAMETER.exec(comment)?.[2] : undefined;
    if (value === undefined) continue;
    if (MOSAIC.has(value)) return true;
    isSingle ||= SINGLE.has(value);
  }
  return isSingle ? false : null;
}
