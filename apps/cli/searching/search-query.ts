import type { SkyPosition } from './sky-position';

/** A closed range of numbers; a missing end is open. */
export interface Range {
  readonly low: number | null;
  readonly high: number | null;
}

/** What the observations that are searched have in common. */
export interface Criteria {
  /** The places that a footprint must contain, or touch within the radius; any of them. */
  readonly places: readonly SkyPosition[];
  /** Degrees; null: the footprint contains the position itself. */
  readonly radius: number | null;
  /** Names of the source, in lower case; any of them. */
  readonly names: readonly string[];
  /** Sky frequencies that the spectral window overlaps, GHz. */
  readonly frequency: Range | null;
  /** Receiver bands; any of them. */
  readonly bands: readonly number[];
  readonly project: string | null;
  /** Angular resolution, arcseconds. */
  readonly resolution: Range | null;
  readonly isPublic: boolean;
}

/** m / s. */
const SPEED_OF_LIGHT = 299_792_458;
/** What a table on a terminal shows; its numbers are rounded to what an eye needs. */
const SHORT_COLUMNS = [
  'target_name',
  'ROUND(s_ra, 5) AS s_ra',
  'ROUND(s_dec, 5) AS s_dec',
  'band_list AS band',
  'ROUND(frequency, 3) AS ghz',
  'ROUND(s_resolution, 3) AS arcsec',
  'data_rights',
  'proposal_id',
  'member_ous_uid',
].join(', ');

/** Returns the ADQL that finds observations. @param isShort only the columns that a terminal has room for */
export function observationsQuery(criteria: Criteria, isShort: boolean): string {
  const conditions = [
    anyOf(criteria.places.map((place) => atPlace(place, criteria.radius))),
    ...(criteria.names.length === 0 ? [] : [`LOWER(target_name) IN (${criteria.names.map(literal).join(', ')})`]),
    overlaps(criteria.frequency),
    criteria.bands.length === 0 ? '' : `band_list IN (${criteria.bands.map((band) => literal(`${band}`)).join(', ')})`,
    criteria.project === null ? '' : `proposal_id = ${literal(criteria.project)}`,
    within('s_resolution', criteria.resolution),
    criteria.isPublic ? `data_rights = 'Public'` : '',
  ].filter((condition) => condition !== '');
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  return `SELECT ${isShort ? SHORT_COLUMNS : '*'} FROM ivoa.obscore${where}`;
}

/** Returns the ADQL that finds the places of a source, to a few arcseconds. */
export function placesQuery(names: readonly string[]): string {
  const known = names.map(literal).join(', ');
  return `SELECT DISTINCT ROUND(s_ra, 3) AS ra, ROUND(s_dec, 3) AS dec FROM ivoa.obscore WHERE LOWER(target_name) IN (${known})`;
}

/** Returns the ways in which observers write the name of a source: with and without blank, `_` or `-` before a number. */
export function namesOf(name: string): string[] {
  const plain = name.trim().replace(/\s+/g, ' ').toLowerCase();
  const [, letters, number] = /^([a-z]+)[ _-]?(\d.*)$/.exec(plain) ?? [];
  const variants = letters === undefined ? [plain, plain.replaceAll(' ', '_'), plain.replaceAll(' ', '')] : [plain];
  const joined = ['', ' ', '_', '-'].map((between) => `${letters ?? ''}${between}${number ?? ''}`);
  return [...new Set([...variants, ...(letters === undefined ? [] : joined)])];
}

/** Writes a text as a literal of ADQL (ADQL 2.1, 2.1.1). */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function atPlace({ ra, dec }: SkyPosition, radius: number | null): string {
  return radius === null
    ? `CONTAINS(POINT(${decimal(ra)}, ${decimal(dec)}), s_region) = 1`
    : `INTERSECTS(CIRCLE(${decimal(ra)}, ${decimal(dec)}, ${decimal(radius)}), s_region) = 1`;
}

/** A spectral window and a range overlap when each begins before the other ends. */
function overlaps(frequency: Range | null): string {
  if (frequency === null) return '';
  const { low, high } = frequency;
  return [
    ...(high === null ? [] : [`em_max >= ${wavelength(high)}`]),
    ...(low === null ? [] : [`em_min <= ${wavelength(low)}`]),
  ].join(' AND ');
}

function within(column: string, range: Range | null): string {
  if (range === null) return '';
  return [
    ...(range.low === null ? [] : [`${column} >= ${decimal(range.low)}`]),
    ...(range.high === null ? [] : [`${column} <= ${decimal(range.high)}`]),
  ].join(' AND ');
}

function anyOf(conditions: readonly string[]): string {
  return conditions.length > 1 ? `(${conditions.join(' OR ')})` : (conditions[0] ?? '');
}

/** Metres, of a frequency in GHz. */
function wavelength(gigahertz: number): string {
  return decimal(SPEED_OF_LIGHT / (gigahertz * 1e9));
}

/** Writes a number as ADQL reads it. */
function decimal(number: number): string {
  return String(number);
}
