import type { Observation, PublicMetadata } from '@almagest/contracts';
import { modifiedJulianDay } from './observations';

/** The columns of `search.project` without its code. */
export type ProjectRow = Record<string, string | number | null>;

/** Returns the row of a project's metadata. Lists become one text, as the observatory's service has them. */
export function projectRow(metadata: PublicMetadata): ProjectRow {
  const { revision, title = null, abstract = null, scienceCategory = null, pi, publications = [] } = metadata;
  const years = publications.flatMap(({ year }) => (year === undefined ? [] : [year]));
  return {
    revision,
    title,
    abstract,
    science_keywords: joined(metadata.scienceKeywords ?? [], ', '),
    science_category: scienceCategory,
    pi_name: pi?.name ?? null,
    pi_user_id: pi?.userId ?? null,
    co_investigators: joined(metadata.coInvestigators ?? [], ', '),
    bibcodes: joined(
      publications.map(({ bibcode }) => bibcode),
      ' ',
    ),
    publication_titles: joined(
      publications.flatMap(({ title: text }) => text ?? []),
      '; ',
    ),
    first_authors: joined(
      publications.flatMap(({ authors }) => authors?.[0] ?? []),
      '; ',
    ),
    publication_authors: joined(
      publications.flatMap(({ authors }) => authors ?? []),
      '; ',
    ),
    publication_abstracts: joined(
      publications.flatMap(({ abstract: text }) => text ?? []),
      '\n',
    ),
    publication_year: years.length === 0 ? null : Math.min(...years),
  };
}

/** The observation of an execution block; times are MJD, exposures seconds, water vapour mm. */
export interface ObservedBlock {
  t_min: number | null;
  t_exptime: number | null;
  pwv: number | null;
  antenna_arrays: string | null;
}

/** Returns the observation of a block. */
export function observedBlock({ start, exposure, pwv, antennas }: Observation): ObservedBlock {
  return {
    t_min: modifiedJulianDay(start),
    t_exptime: exposure ?? null,
    pwv: pwv ?? null,
    antenna_arrays: antennas === undefined ? null : antennas.join(' '),
  };
}

/** What the used execution blocks of a MemberOUS say together: the columns of its observations and of `search.mous`. */
export interface ObservedOus {
  t_min: number | null;
  t_max: number | null;
  t_exptime: number | null;
  pwv: number | null;
  antenna_arrays: string | null;
}

const SECONDS_PER_DAY = 86_400;

/** Combines the used execution blocks of a MemberOUS: the whole time, the sum of exposures, the mean water vapour. */
export function observedOus(blocks: readonly ObservedBlock[]): ObservedOus {
  const starts = present(blocks.map(({ t_min }) => t_min));
  const ends = present(
    blocks.map(({ t_min, t_exptime }) => (t_min === null ? null : t_min + (t_exptime ?? 0) / SECONDS_PER_DAY)),
  );
  const exposures = present(blocks.map(({ t_exptime }) => t_exptime));
  const vapours = present(blocks.map(({ pwv }) => pwv));
  const antennas = new Set(blocks.flatMap(({ antenna_arrays }) => antenna_arrays?.split(' ') ?? []));
  return {
    t_min: starts.length === 0 ? null : Math.min(...starts),
    t_max: exposures.length === 0 || ends.length === 0 ? null : Math.max(...ends),
    t_exptime: exposures.length === 0 ? null : sum(exposures),
    pwv: vapours.length === 0 ? null : sum(vapours) / vapours.length,
    antenna_arrays: joined([...antennas].sort(), ' '),
  };
}

function present(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function joined(texts: readonly string[], separator: string): string | null {
  return texts.length === 0 ? null : texts.join(separator);
}
