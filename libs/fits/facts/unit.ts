/** `Jy/beam` as CASA 4 (`JY/BEAM`), AIPS (`JY/BEAM`), astropy (`Jy beam-1`, `beam-1 Jy`) and others write it. */
const JANSKY_PER_BEAM = /^([mu\u00b5\u03bc]?)jy(?:\s*\/\s*beam|[\s.*]+beam\s*\^?\(?-1\)?)$/i;
const REVERSED = /^beam\s*\^?\(?-1\)?[\s.*]+(\S+)$/i;

/**
 * Returns the unit of an image in one spelling, so that images can be compared: `JY/BEAM` and `Jy beam-1` are
 * `Jy/beam`. A capital M of `MJY/BEAM` is that of a writer without small letters: no image has megajanskys. Any other
 * unit is returned as written.
 */
export function canonicalUnit(unit: string): string {
  const text = unit.trim();
  const reversed = REVERSED.exec(text);
  const [whole, prefix = ''] = JANSKY_PER_BEAM.exec(reversed ? `${reversed[1]}/beam` : text) ?? [];
  if (whole === undefined) return text;
  const small = prefix.toLowerCase();
  return `${small === '' || small === 'm' ? small : 'u'}Jy/beam`;
}
