/** A position in ICRS, degrees. */
export interface SkyPosition {
  readonly ra: number;
  readonly dec: number;
}

const NUMBER = String.raw`\d{1,3}(?:\.\d*)?`;
const DEGREES = new RegExp(String.raw`^([+-]?)(${NUMBER})(?:d|°|deg)?$`);
const SEXAGESIMAL = /^([+-]?)(\d{1,3})[:hd°](\d{1,2})(?:[:m'′](?:(\d{1,2}(?:\.\d*)?)(?:s|"|″)?)?)?$/;
const RADIUS = /^(\d{1,6}(?:\.\d{0,9})?|\.\d{1,9}) ?(arcsec|arcmin|deg|"|″|'|′|d|°)$/;
const UNITS: Record<string, number> = {
  arcsec: 1 / 3600,
  '"': 1 / 3600,
  '″': 1 / 3600,
  arcmin: 1 / 60,
  "'": 1 / 60,
  '′': 1 / 60,
  deg: 1,
  d: 1,
  '°': 1,
};

/**
 * Reads a position from the words of a command line: right ascension and declination in degrees, or sexagesimal (hours and
 * degrees) with colons, letters or blanks. Returns null for words that are no numbers, which may be a name.
 * @throws RangeError for numbers that are no position
 */
export function skyPosition(words: readonly string[]): SkyPosition | null {
  const parts = words.flatMap((word) => word.replaceAll('\u2212', '-').split(/[\s,]+/)).filter((part) => part !== '');
  const [ra, dec] = pairOf(parts);
  if (ra === undefined || dec === undefined) {
    if (parts.length > 0 && parts.every((part) => isNumeric(part))) {
      throw new RangeError('a position has a right ascension and a declination, such as 150.57 -31.23');
    }
    return null;
  }
  const position = { ra: angle(ra, 15), dec: angle(dec, 1) };
  if (position.ra < 0 || position.ra >= 360) throw new RangeError(`the right ascension ${ra} is not from 0 to 360°`);
  if (Math.abs(position.dec) > 90) throw new RangeError(`the declination ${dec} is not from -90 to 90°`);
  return position;
}

/** Reads an angle with its unit, such as `10arcsec`, `1.5arcmin` or `0.2deg`; returns degrees, null for anything else. */
export function radiusDegrees(text: string): number | null {
  const [, number, unit = ''] = RADIUS.exec(text.trim()) ?? [];
  const degrees = Number(number) * (UNITS[unit] ?? NaN);
  return degrees >= 0 && degrees <= 180 ? degrees : null;
}

/** The texts of right ascension and declination: two words, or six with blanks between. */
function pairOf(parts: readonly string[]): [string?, string?] {
  if (!parts.every(isNumeric)) return [];
  if (parts.length === 2) return [parts[0], parts[1]];
  if (parts.length === 6) return [parts.slice(0, 3).join(':'), parts.slice(3).join(':')];
  return [];
}

function isNumeric(part: string): boolean {
  return DEGREES.test(part) || SEXAGESIMAL.test(part);
}

/** @param hour degrees of a whole unit in sexagesimal: 15 for hours, 1 for degrees */
function angle(text: string, hour: number): number {
  const [, plainSign, degrees] = DEGREES.exec(text) ?? [];
  if (degrees !== undefined) return Number(degrees) * (plainSign === '-' ? -1 : 1);
  const [, sign, whole = '', minutes = '', seconds = '0'] = SEXAGESIMAL.exec(text) ?? [];
  if (Number(minutes) >= 60 || Number(seconds) >= 60) throw new RangeError(`${text} has 60 minutes or seconds or more`);
  const scale = /^[+-]?\d+[d°]/.test(text) ? 1 : hour;
  return (Number(whole) + Number(minutes) / 60 + Number(seconds) / 3600) * scale * (sign === '-' ? -1 : 1);
}
