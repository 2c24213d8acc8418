import { DEFAULT_FORMAT, type Format, formatNamed, FORMATS } from '@almagest/votable';
import { badParameter } from '../search.error';
import type { DaliParameters } from './dali-parameters';

/** A query as a request states it (TAP 1.1, 2.3 and 2.7). */
export interface TapQuery {
  readonly adql: string;
  readonly format: Format;
  /** Rows at most. */
  readonly maxRows: number;
}

/** The names of the query language that LANG may have. */
export const LANGUAGES = ['ADQL', 'ADQL-2.1', 'ADQL-2.0'];

/**
 * Reads a query from the parameters of a request.
 * @param limit the most rows that the archive sends
 * @throws DomainError `search.bad-parameter`
 */
export function tapQuery(parameters: DaliParameters, limit: number): TapQuery {
  const request = parameters.one('REQUEST');
  if (request !== null && request.toLowerCase() !== 'doquery') {
    throw badParameter(`REQUEST is '${request}'; expected doQuery`);
  }
  const language = parameters.one('LANG');
  if (language !== null && !LANGUAGES.includes(language.toUpperCase())) {
    throw badParameter(`LANG is '${language}'; expected ${LANGUAGES.join(', ')}`);
  }
  if (parameters.all('UPLOAD').length > 0) throw badParameter('This service takes no uploads (UPLOAD)');
  const adql = parameters.one('QUERY');
  if (adql === null) throw badParameter('QUERY is missing: it is the text of the query');
  return { adql, format: formatOf(parameters), maxRows: Math.min(parameters.number('MAXREC') ?? limit, limit) };
}

function formatOf(parameters: DaliParameters): Format {
  const wanted = parameters.one('RESPONSEFORMAT') ?? parameters.one('FORMAT');
  if (wanted === null) return DEFAULT_FORMAT;
  const format = formatNamed(wanted);
  if (format === undefined) {
    const names = FORMATS.flatMap(({ names: [name = ''] }) => name);
    throw badParameter(`RESPONSEFORMAT is '${wanted}'; expected ${names.join(', ')}, or a media type of these`);
  }
  return format;
}
