import { badParameter } from '../search.error';
import type { DaliParameters } from '../tap/dali-parameters';
import { PHASES } from './job.entity';
import type { JobFilter } from './jobs.repository';

/** The parameters of a query (TAP 1.1, 2.7). Others are ignored, and a secret in the URL is not stored. */
const OF_QUERY = ['REQUEST', 'LANG', 'QUERY', 'RESPONSEFORMAT', 'FORMAT', 'MAXREC', 'RUNID', 'UPLOAD'];
/** Clients may also ask for the phases that no job of this archive ever has. */
const ALL_PHASES: readonly string[] = [...PHASES, 'HELD', 'SUSPENDED', 'UNKNOWN'];
/** A time of ISO 8601 in UTC; the time of day, its fraction and the Z may be missing (DALI 1.1, 3.1.2). */
const TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?)?Z?$/;

/**
 * Returns the parameters that a job keeps, as pairs of name and value.
 * @throws DomainError `search.bad-parameter`
 */
export function jobParameters(parameters: DaliParameters): [string, string][] {
  const pairs = OF_QUERY.flatMap((name) => parameters.all(name).map((value): [string, string] => [name, value]));
  // A database stores no text with this character.
  for (const [name, value] of pairs) {
    if (value.includes('\0')) throw badParameter(`${name} contains the character NUL`);
  }
  return pairs;
}

/**
 * Returns which jobs a request wants listed (UWS 1.1, 2.2.2.1).
 * @throws DomainError `search.bad-parameter`
 */
export function jobFilter(parameters: DaliParameters): JobFilter {
  const last = parameters.number('LAST');
  if (last === 0) throw badParameter('LAST is 0; expected a number of jobs, from 1');
  const after = parameters.one('AFTER');
  return {
    phases: parameters.all('PHASE').map(phaseNamed),
    after: after === null ? null : timeOf('AFTER', after),
    last,
  };
}

/**
 * Returns how long a request wants to wait for a change, and in which phase; null if it does not (UWS 1.1, 2.2.1.2).
 * @throws DomainError `search.bad-parameter`
 */
export function waitOf(parameters: DaliParameters): { seconds: number; phase: string | null } | null {
  const wait = parameters.one('WAIT');
  if (wait === null) return null;
  if (!/^(?:-1|\d{1,9})$/.test(wait)) throw badParameter(`WAIT is '${wait}'; expected seconds, or -1 for no limit`);
  const phase = parameters.one('PHASE');
  return { seconds: Number(wait), phase: phase === null ? null : phaseNamed(phase) };
}

/**
 * Returns the time that a parameter states.
 * @throws DomainError `search.bad-parameter`
 */
export function timeOf(name: string, text: string): Date {
  const time = new Date(TIME.test(text) ? `${text.replace('Z', '')}${text.includes('T') ? 'Z' : ''}` : NaN);
  if (!Number.isNaN(time.getTime())) return time;
  throw badParameter(`${name} is '${text}'; expected a time in UTC such as 2026-11-30T12:00:00Z`);
}

/**
 * Returns a parameter that a request must have.
 * @throws DomainError `search.bad-parameter`
 */
export function required(parameters: DaliParameters, name: string, expected: string): string {
  const value = parameters.one(name);
  if (value === null) throw badParameter(`${name} is missing: expected ${expected}`);
  return value;
}

function phaseNamed(text: string): string {
  const phase = ALL_PHASES.find((known) => known === text.toUpperCase());
  if (phase === undefined) throw badParameter(`PHASE is '${text}'; expected ${ALL_PHASES.join(', ')}`);
  return phase;
}
