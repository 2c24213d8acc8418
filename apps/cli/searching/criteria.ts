import type { ResultFormat, SearchClient } from '@almagest/archive-client';
import { printable } from '@almagest/text';
import { CliError } from '../cli.error';
import type { ClientOptions } from '../commands/client-options';
import { readStandardInput, readText } from '../submission/read-file';
import { type Criteria, namesOf, observationsQuery, placesQuery, type Range } from './search-query';
import { type SkyPosition, skyPosition } from './sky-position';

export interface SearchOptions extends ClientOptions {
  /** Degrees. */
  radius?: number;
  frequency?: Range;
  band?: number[];
  project?: string;
  resolution?: Range;
  public?: true;
  adql?: string;
  query?: string;
  format: ResultFormat | 'table';
  output?: string;
  limit: number;
}

/** What a command line asks for: a query as a text or in a file, or observations. */
export type Wanted =
  | { readonly kind: 'text'; readonly adql: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'observations'; readonly criteria: Criteria; readonly name: string | null };

/** Places that the name of one source may have: observers choose the names. */
const MOST_PLACES = 50;
/** Bytes. */
const LONGEST_QUERY = 1024 * 1024;

/**
 * Reads what a command line asks for.
 * @param words the position, or the name of a source
 * @throws CliError `cli.usage`
 */
export function wantedBy(words: readonly string[], options: SearchOptions): Wanted {
  const { radius, frequency, band, project, resolution, adql, query } = options;
  const conditions = [radius, frequency, band, project, resolution, options.public];
  const hasConditions = words.length > 0 || conditions.some((condition) => condition !== undefined);
  if (adql !== undefined || query !== undefined) {
    if (hasConditions) {
      throw new CliError('cli.usage', '--adql and --query cannot be combined with a position or a condition');
    }
    return query === undefined ? { kind: 'file', path: adql ?? '' } : { kind: 'text', adql: query };
  }
  if (!hasConditions) {
    throw new CliError('cli.usage', 'give a position, the name of a source, a condition such as --band, or a query');
  }
  if (radius !== undefined && words.length === 0) {
    throw new CliError('cli.usage', '--radius requires a position or the name of a source');
  }
  const position = positionOf(words);
  const name = position === null && words.length > 0 ? words.join(' ') : null;
  const criteria: Criteria = {
    places: position === null ? [] : [position],
    radius: radius ?? null,
    names: name === null ? [] : namesOf(name),
    frequency: frequency ?? null,
    bands: band ?? [],
    project: project ?? null,
    resolution: resolution ?? null,
    isPublic: options.public === true,
  };
  return { kind: 'observations', criteria, name };
}

/**
 * Returns the ADQL of a search. The places of a source, if they matter, are looked up in the archive.
 * @param isShort only the columns that a terminal has room for
 * @throws CliError `cli.input-unreadable`, `cli.input-invalid`, `cli.id-unknown`, `cli.id-ambiguous`; ArchiveClientError
 */
export async function adqlOf(
  client: SearchClient,
  wanted: Wanted,
  isShort: boolean,
  signal: AbortSignal,
): Promise<string> {
  if (wanted.kind === 'text') return wanted.adql;
  if (wanted.kind === 'file') return queryIn(wanted.path, signal);
  const { criteria, name } = wanted;
  if (name === null || criteria.radius === null) return observationsQuery(criteria, isShort);
  const places = await placesOf(client, name, criteria.names);
  return observationsQuery({ ...criteria, places, names: [] }, isShort);
}

/** @throws CliError `cli.usage` */
function positionOf(words: readonly string[]): SkyPosition | null {
  try {
    return skyPosition(words);
  } catch (error) {
    if (error instanceof RangeError) throw new CliError('cli.usage', error.message);
    throw error;
  }
}

async function placesOf(client: SearchClient, name: string, names: readonly string[]): Promise<SkyPosition[]> {
  const rows = await client.rows(placesQuery(names), MOST_PLACES + 1);
  const places = rows.map(({ ra, dec }) => ({ ra: Number(ra), dec: Number(dec) }));
  const hints = ['give a right ascension and a declination, such as 150.57 -31.23'];
  if (places.length === 0) {
    throw new CliError('cli.id-unknown', `the archive has no source "${printable(name)}"`, { hints });
  }
  if (places.length > MOST_PLACES) {
    const message = `"${printable(name)}" is the name of sources at more than ${MOST_PLACES} places`;
    throw new CliError('cli.id-ambiguous', message, { hints });
  }
  return places;
}

async function queryIn(path: string, signal: AbortSignal): Promise<string> {
  if (path === '-') return (await readStandardInput('query', LONGEST_QUERY, signal)).toString();
  const text = await readText(path, path);
  if (text.trim() === '') throw new CliError('cli.input-invalid', `${path} is empty`);
  return text;
}
