import { UID_IN_FILE_NAME as UID } from '@almagest/ous';
import type { Qa2TextFacts } from '../facts/qa-facts';
import { readImageStatements } from './measures';

const TITLE = new RegExp(`QA2 report of (${UID})\\b`);
const MEASUREMENT_SET = new RegExp(`MeasurementSet Name:[^\\n]{0,400}?(${UID})\\.ms\\b`);
const CASA = /\bCASA(?: version)?[ :]{1,3}(\d{1,2}\.\d{1,2}\.\d{1,2}[-\w.]{0,20})/i;
const CHECK = /Check of a target image and sensitivity/i;
/** The check is a handful of lines. */
const LONGEST_CHECK = 4000;

/** Reads `<eb>__textfile.txt` (§4.5): which block it is of, and its check of the target image. */
export function readQa2Text(text: string): Qa2TextFacts {
  const check = CHECK.exec(text);
  const body = check ? text.slice(check.index + check[0].length).slice(0, LONGEST_CHECK) : '';
  const statements = readImageStatements(body);
  const beam = statements.find((statement) => statement.beam !== null)?.beam ?? null;
  const noise = statements.find((statement) => statement.noise !== null)?.noise ?? null;
  return {
    executionBlock: TITLE.exec(text)?.[1] ?? MEASUREMENT_SET.exec(text)?.[1] ?? null,
    casaVersion: CASA.exec(text)?.[1] ?? null,
    check: beam || noise ? { about: null, beam, noise } : null,
  };
}
