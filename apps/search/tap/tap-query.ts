import { DEFAULT_FORMAT, type Format, formatNamed, FORMATS } from '@almagest/votable';
import type { SearchConfig } from '../search.config';
import { badParameter } from '../search.error';
import { type Upload, uploadsOf } from '../uploads/upload';
import type { DaliParameters } from './dali-parameters';

/** A query as a request states it (TAP 1.1, 2.3 and 2.7). */
export interface TapQuery {
  readonly adql: string;
  readonly format: Format;
  /** Rows at most. */
  readonly maxRows: number;
  /** The tables that come with it. */
  readonly uploads: readonly Upload[];
}

/** The names of the query language that LANG may have. */
const LANGUAGES = ['ADQL', 'ADQL-2.1', 'ADQL-2.0'];

/**
 * Reads a query from the parameters of a request.
 * @throws DomainError `search.bad-parameter`
 */
export function tapQuery(parameters: DaliParameters, limits: SearchConfig['limits']): TapQuery {
  const request = parameters.one('REQUEST');
  if (request !== null && request.toLowerCase() !== 'doquery') {
    throw badParameter(`REQUEST is '${request}'; expected doQuery`);
  }
  const language = parameters.one('LANG');
  if (language !== null && !LANGUAGES.includes(language.toUpperCase())) {
    throw badParameter(`LANG is '${language}'; expected ${LANGUAGES.join(', ')}`);
  }
  const adql = parameters.one('QUERY');
  if (adql === null) throw badParameter('QUERY is missing: it is the text of the query');
  const limit = limits.TAP_MAX_ROWS;
  return {
    adql,
    format: formatOf(parameters, 'RESPONSEFORMAT', 'FORMAT'),
    maxRows: Math.min(parameters.number('MAXREC') ?? limit, limit),
    uploads: uploadsOf(parameters, limits.TAP_UPLOAD_HOSTS),
  };
}

/**
 * Returns the form of results that a request asks for.
 * @param names of the parameters that may state it, the first that is given counts
 * @throws DomainError `search.bad-parameter`
 */
export function formatOf(parameters: DaliParameters, ...names: readonly string[]): Format {
  const wanted = names.map((name) => parameters.one(name)).find((value) => value !== null);
  if (wanted === undefined) return DEFAULT_FORMAT;
  const format = formatNamed(wanted);
  if (format === undefined) {
    const names = FORMATS.flatMap(({ names: [name = ''] }) => name);
    throw badParameter(`RESPONSEFORMAT is '${wanted}'; expected ${names.join(', ')}, or a media type of these`);
  }
  return format;
}
