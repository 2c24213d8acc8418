import type { ServiceInput } from '@almagest/votable';
import { badParameter } from '../search.error';
import { type Interval, intervalOf, numberOf, regionOf } from './values';

/** A parameter of an SIA query (SIA 2.0, 2.1): what it may be, and the condition that one of its values makes. */
export interface SiaParameter {
  readonly input: ServiceInput;
  /** @throws DomainError `search.bad-parameter` */
  readonly condition: (value: string) => string;
}

/** The polarisation states of ObsCore (ObsCore 1.1, B.6.6). */
const STATES = ['I', 'Q', 'U', 'V', 'RR', 'LL', 'RL', 'LR', 'XX', 'YY', 'XY', 'YX', 'POLI', 'POLA'];
/** Identifiers of this archive's data begin so, in any case; IVOIDs have no case (IVOA Identifiers 2.0, 2.1). */
const PUBLISHER = 'ADS/JAO.ALMA#';
/** The value of access_format. */
const DATALINK = 'application/x-votable+xml; content=datalink';

export const SIA_PARAMETERS: readonly SiaParameter[] = [
  {
    input: text('POS', 'Region in ICRS degrees: CIRCLE, RANGE or POLYGON'),
    condition: (value: string): string => `INTERSECTS(${regionOf('POS', value)}, s_region) = 1`,
  },
  overlap('BAND', 'm', 'Observed wavelength', '0.0012 0.0014', 'em_min', 'em_max'),
  // Where the exposure is not known, an observation is known by its start.
  overlap('TIME', 'd', 'Time, MJD', '57000 57001', 't_min', 'COALESCE(t_max, t_min)'),
  {
    input: { ...text('POL', 'Polarisation state'), options: STATES },
    condition: (value: string): string => `pol_states LIKE '%/${state(value)}/%'`,
  },
  range('FOV', 'deg', 'Size of the field of view', '0.01 +Inf', 's_fov'),
  range('SPATRES', 'arcsec', 'Spatial resolution', '-Inf 0.2', 's_resolution'),
  range('SPECRP', undefined, 'Spectral resolving power', '1000 +Inf', 'em_res_power'),
  range('EXPTIME', 's', 'Exposure time', '600 1800', 't_exptime'),
  range('TIMERES', 's', 'Resolution in time', '-Inf 60', 't_resolution'),
  {
    input: text('ID', 'Identifier of the data with their publisher (obs_publisher_did)'),
    condition: (value: string): string => {
      // The project has an index; the identifier is made of it.
      const code = value.toUpperCase().startsWith(PUBLISHER) ? value.slice(PUBLISHER.length).toUpperCase() : '';
      return `proposal_id = ${quoted(code)}`;
    },
  },
  equal('COLLECTION', 'Collection', 'obs_collection', ['ALMA']),
  equal('FACILITY', 'Observatory', 'facility_name', ['JAO']),
  equal('INSTRUMENT', 'Instrument', 'instrument_name', ['ALMA']),
  equal('DPTYPE', 'Type of the data', 'dataproduct_type', ['image', 'cube']),
  {
    input: { name: 'CALIB', datatype: 'int', options: ['2', '3'], description: 'Calibration level' },
    condition: (value: string): string => {
      if (!/^[0-4]$/.test(value.trim()))
        throw badParameter(`CALIB is '${value.slice(0, 40)}'; expected 0, 1, 2, 3 or 4`);
      return `calib_level = ${numberOf('CALIB', value.trim())}`;
    },
  },
  equal('TARGET', 'Name of the source', 'target_name'),
  {
    input: { ...text('FORMAT', 'Media type of what access_url answers'), options: [DATALINK] },
    // Media types differ neither by case nor by blanks (RFC 9110, 8.3.1).
    condition: (value: string): string =>
      `access_format = ${quoted(plain(value) === plain(DATALINK) ? DATALINK : value)}`,
  },
];

function text(name: string, description: string): ServiceInput {
  return { name, datatype: 'char', arraysize: '*', description };
}

/** The interval of the observation must have something in common with that of the query. */
function overlap(
  name: string,
  unit: string | undefined,
  description: string,
  example: string,
  low: string,
  high: string,
): SiaParameter {
  return {
    input: {
      name,
      datatype: 'double',
      arraysize: '2',
      xtype: 'interval',
      ...(unit === undefined ? {} : { unit }),
      description,
    },
    condition: (value: string): string => bounds(intervalOf(name, value, example), low, high),
  };
}

/** The value of the observation must be in the interval of the query. */
function range(
  name: string,
  unit: string | undefined,
  description: string,
  example: string,
  column: string,
): SiaParameter {
  return overlap(name, unit, description, example, column, column);
}

function equal(name: string, description: string, column: string, options?: readonly string[]): SiaParameter {
  return {
    input: { ...text(name, description), ...(options === undefined ? {} : { options }) },
    condition: (value: string): string => `${column} = ${quoted(value)}`,
  };
}

function bounds({ low, high }: Interval, lowest: string, highest: string): string {
  const conditions = [
    ...(high === Infinity ? [] : [`${lowest} <= ${literal(high)}`]),
    ...(low === -Infinity ? [] : [`${highest} >= ${literal(low)}`]),
  ];
  return conditions.length === 0 ? `${lowest} IS NOT NULL` : conditions.join(' AND ');
}

/** An interval may be +Inf +Inf: nothing is above the largest number. */
function literal(value: number): string {
  return String(Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value)));
}

function state(value: string): string {
  const name = value.trim().toUpperCase();
  if (!STATES.includes(name))
    throw badParameter(`POL is '${value.slice(0, 40)}'; expected one of ${STATES.join(', ')}`);
  return name;
}

function plain(mediaType: string): string {
  return mediaType.toLowerCase().replaceAll(' ', '');
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
