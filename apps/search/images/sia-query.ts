import { serviceDescriptor } from '@almagest/votable';
import type { Presentation } from '../queries/queries.service';
import type { SearchConfig } from '../search.config';
import { badParameter } from '../search.error';
import type { DaliParameters } from '../tap/dali-parameters';
import { formatOf, type TapQuery } from '../tap/tap-query';
import { SIA_PARAMETERS } from './sia-parameters';

/** Values of one parameter; a longer list is a table to upload. */
const MOST_VALUES = 200;
/** The column that DataLink takes. */
const DATALINK_ID = 'ous_uid';

/**
 * Returns the query of a request for images (SIA 2.0, 2.1): the values of a parameter are alternatives, and every
 * parameter must match.
 * @param limit the most rows that the archive sends
 * @throws DomainError `search.bad-parameter`
 */
export function siaQuery(parameters: DaliParameters, limit: number): TapQuery {
  const conditions = SIA_PARAMETERS.flatMap(({ input: { name }, condition }) => {
    const values = [...new Set(parameters.all(name))];
    if (values.length > MOST_VALUES) {
      throw badParameter(`${name} is given ${values.length} times; at most ${MOST_VALUES} are allowed`);
    }
    return values.length === 0 ? [] : [`(${values.map((value) => `(${condition(value)})`).join(' OR ')})`];
  });
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  return {
    adql: `SELECT o.*, COALESCE(member_ous_uid, group_ous_uid) AS ${DATALINK_ID} FROM ivoa.obscore AS o${where}`,
    format: formatOf(parameters, 'RESPONSEFORMAT'),
    maxRows: Math.min(parameters.number('MAXREC') ?? limit, limit),
    uploads: [],
  };
}

/** Returns what a response says beside its table: how to ask this service again (SIA 2.0, 3.1.2), and for links. */
export function siaPresentation({ limits, publicUrl }: SearchConfig): Presentation {
  const itself = serviceDescriptor({
    name: 'this',
    description: 'Images by position, wavelength, time and more. A parameter can be repeated.',
    standard: 'ivo://ivoa.net/std/SIA#query-2.0',
    url: `${publicUrl}/sia2/query`,
    inputs: [
      ...SIA_PARAMETERS.map(({ input }) => input),
      {
        name: 'MAXREC',
        datatype: 'int',
        description: `Rows at most, up to ${limits.TAP_MAX_ROWS}; 0 for this description alone`,
      },
      { name: 'RESPONSEFORMAT', datatype: 'char', arraysize: '*', description: 'Form of the response' },
    ],
  });
  const links = serviceDescriptor({
    name: 'links',
    description: 'The files of an ObsUnitSet, and what can be done with them',
    standard: 'ivo://ivoa.net/std/DataLink#links-1.0',
    url: `${publicUrl}/datalink/sync`,
    inputs: [{ name: 'ID', datatype: 'char', arraysize: '*', ucd: 'meta.id;meta.main', ref: DATALINK_ID }],
  });
  return { resources: itself + links };
}
