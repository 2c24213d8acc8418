import { DEFAULT_FORMAT, type Field } from '@almagest/votable';
import { badParameter } from '../search.error';
import type { DaliParameters } from '../tap/dali-parameters';
import type { TapQuery } from '../tap/tap-query';
import { numberWithin } from './values';

/** The media type of every answer (SCS 1.03, 2.2). */
export const CONE_TYPE = 'text/xml;content=x-votable';

/** The columns by verbosity (SCS 1.03, 2.1): the least, what most people want, and all. */
const COLUMNS: Record<string, string> = {
  '1': 'obs_id, s_ra, s_dec',
  '2':
    'obs_id, s_ra, s_dec, target_name, s_fov, s_resolution, frequency, band_list, em_min, em_max, t_min, t_exptime, ' +
    'dataproduct_type, proposal_id, member_ous_uid, obs_title, obs_release_date, data_rights, access_url, access_format',
  '3': '*',
};

/** The three columns that every response has, with the UCDs of SCS 1.03 (2.2), which are those of UCD1. */
const MAIN: Record<string, Partial<Field>> = {
  // The standard wants characters; ours beyond ASCII are only in the names of sources.
  obs_id: { ucd: 'ID_MAIN', datatype: 'char' },
  s_ra: { ucd: 'POS_EQ_RA_MAIN' },
  s_dec: { ucd: 'POS_EQ_DEC_MAIN' },
};

/**
 * Returns the query of a cone search (SCS 1.03, 2.1): the observations with their centre in a cone. Radius 0 asks for
 * the description of the columns alone.
 * @param limit the most rows that the archive sends
 * @throws DomainError `search.bad-parameter`
 */
export function coneQuery(parameters: DaliParameters, limit: number): TapQuery {
  const longitude = angle(parameters, 'RA', 0, 360);
  const latitude = angle(parameters, 'DEC', -90, 90);
  const radius = angle(parameters, 'SR', 0, 180);
  const verbosity = parameters.one('VERB')?.trim() ?? '2';
  const columns = COLUMNS[verbosity];
  if (columns === undefined) throw badParameter(`VERB is '${verbosity.slice(0, 40)}'; expected 1, 2 or 3`);
  const most = Math.min(parameters.number('MAXREC') ?? limit, limit);
  const circle = `CIRCLE(${longitude}, ${latitude}, ${radius})`;
  return {
    adql: `SELECT ${columns} FROM ivoa.obscore WHERE CONTAINS(POINT(s_ra, s_dec), ${circle}) = 1`,
    format: { ...DEFAULT_FORMAT, mediaType: CONE_TYPE },
    maxRows: radius === 0 ? 0 : most,
    uploads: [],
  };
}

/** Gives the columns of a cone search their UCDs. */
export function coneField(field: Field): Field {
  return { ...field, ...MAIN[field.name] };
}

function angle(parameters: DaliParameters, name: string, low: number, high: number): number {
  const text = parameters.one(name)?.trim() ?? null;
  if (text === null) throw badParameter(`${name} is missing: it is a number of degrees, ${low} to ${high}`);
  return numberWithin(name, text, low, high);
}
