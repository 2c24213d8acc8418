import { SIGNATURES } from './signatures';

/** What the service's capabilities say of a user-defined function (TAPRegExt 1.0 §2.3). */
export interface UserDefinedFunction {
  /** Its form, with types. */
  form: string;
  description: string;
}

/** The IVOA's catalogue of user-defined functions, version 1.2, and one of the observatory's service. */
export const USER_DEFINED_FUNCTIONS: readonly UserDefinedFunction[] = [
  {
    form: 'ivo_healpix_index(hpxOrder INTEGER, long DOUBLE, lat DOUBLE) -> BIGINT',
    description: 'Index of the HEALPix cell that contains a position, in nested numbering; orders 0 to 29.',
  },
  {
    form: 'ivo_healpix_index(hpxOrder INTEGER, point POINT) -> BIGINT',
    description: 'Index of the HEALPix cell that contains a point, in nested numbering; orders 0 to 29.',
  },
  {
    form: 'ivo_healpix_center(hpxOrder INTEGER, hpxIndex BIGINT) -> POINT',
    description: 'Centre of a HEALPix cell, in nested numbering.',
  },
  {
    form: 'ivo_epoch_prop_pos(ra DOUBLE, dec DOUBLE, parallax DOUBLE, pmra DOUBLE, pmdec DOUBLE, radial_velocity DOUBLE, ref_epoch DOUBLE, out_epoch DOUBLE) -> POINT',
    description: 'Position at another epoch after linear motion. Degrees, mas, mas/yr, km/s, Julian years.',
  },
  {
    form: 'ivo_geom_transform(from_sys VARCHAR, to_sys VARCHAR, geo GEOMETRY) -> GEOMETRY',
    description: 'Geometry in another frame: ICRS, FK5, GALACTIC or ECLIPTIC (J2000); the frames are texts in quotes.',
  },
  { form: 'ivo_to_jd(d TIMESTAMP) -> DOUBLE', description: 'Julian date of a timestamp or a text.' },
  { form: 'ivo_to_mjd(d TIMESTAMP) -> DOUBLE', description: 'Modified Julian date of a timestamp or a text.' },
  {
    form: 'ivo_string_agg(expression VARCHAR, delimiter VARCHAR) -> VARCHAR',
    description: 'All texts of a group, with a delimiter between them.',
  },
  {
    form: 'ivo_nocasematch(value VARCHAR, pattern VARCHAR) -> INTEGER',
    description: '1 if a text matches a pattern of LIKE, upper and lower case being equal; 0 otherwise.',
  },
  {
    form: 'ivo_hasword(haystack VARCHAR, needle VARCHAR) -> INTEGER',
    description: '1 if each word of the second text is a word of the first, upper and lower case being equal.',
  },
  {
    form: 'ivo_hashlist_has(hashlist VARCHAR, item VARCHAR) -> INTEGER',
    description: '1 if an item is in a list of items with # between them, upper and lower case being equal.',
  },
  {
    form: 'ivo_histogram(val DOUBLE, lower DOUBLE, upper DOUBLE, nbins INTEGER) -> INTEGER[]',
    description: 'Counts of values below the lower limit, in each of nbins equal bins, and above the upper limit.',
  },
  {
    form: 'ivo_interval_overlaps(a1 NUMERIC, b1 NUMERIC, a2 NUMERIC, b2 NUMERIC) -> INTEGER',
    description: '1 if the intervals a1..b1 and a2..b2 have a value in common.',
  },
  {
    form: 'RANGE_S2D(ra1 DOUBLE, ra2 DOUBLE, dec1 DOUBLE, dec2 DOUBLE) -> REGION',
    description: 'Region between two meridians, from ra1 eastwards to ra2, and two parallels; in degrees.',
  },
];

/** Names in upper case. */
const NAMES: ReadonlySet<string> = new Set(
  USER_DEFINED_FUNCTIONS.map(({ form }) => form.slice(0, form.indexOf('(')).toUpperCase()),
);

const AGGREGATES: ReadonlySet<string> = new Set(['IVO_STRING_AGG', 'IVO_HISTOGRAM']);

/** @param name in upper case */
export function isKnownFunction(name: string): boolean {
  return SIGNATURES.has(name) || NAMES.has(name);
}

/** @param name in upper case */
export function isAggregate(name: string): boolean {
  return AGGREGATES.has(name) || SIGNATURES.get(name)?.group === 'aggregate';
}

/** Every name that a call may have. */
export function knownFunctions(): string[] {
  return [...SIGNATURES.keys(), ...NAMES];
}
