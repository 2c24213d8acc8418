import type { CalapplyFacts, PiScriptFacts, RestoreScriptFacts } from '../facts/file-facts';
import { linesOf } from './reading';

const MAX_NAMES = 5000;
const CALL = /^[ \t]{0,20}applycal\s?\(/;

/** Reads `<eb>.ms.calapply.txt`: which tables were applied to which data. */
export function readCalapply(text: string): CalapplyFacts {
  let calls = 0;
  const measurementSets = new Set<string>();
  const tables = new Set<string>();
  for (const call of linesOf(text)) {
    if (!CALL.test(call)) continue;
    calls++;
    collect(measurementSets, stringArguments(call, 'vis'));
    collect(tables, stringArguments(call, 'gaintable'));
  }
  return { calls, measurementSets: [...measurementSets], tables: [...tables] };
}

/** Reads casa_piperestorescript.py: the arguments of its restore task. */
export function readRestoreScript(text: string): RestoreScriptFacts {
  return {
    isBlank: text.trim() === '',
    measurementSets: stringArguments(text, 'vis').slice(0, MAX_NAMES),
    sessions: stringArguments(text, 'session').slice(0, MAX_NAMES),
  };
}

const REVISION = /\$Id: scriptForPI\.py,v (\d{1,3}\.\d{1,3}) (\d{4})\/(\d{2})\/(\d{2}) /;

/** Reads the version line of scriptForPI.py, `$Id: scriptForPI.py,v 1.15 2015/10/10 ...`. */
export function readPiScript(text: string): PiScriptFacts {
  const [, revision, year, month, day] = REVISION.exec(text) ?? [];
  return revision === undefined ? { revision: null, date: null } : { revision, date: `${year}-${month}-${day}` };
}

/** Cuts paths to the name of the table: the Pipeline writes them with its working directory in front. */
function collect(names: Set<string>, values: readonly string[]): void {
  for (const value of values) {
    const name = value.slice(value.lastIndexOf('/') + 1);
    if (name !== '' && names.size < MAX_NAMES) names.add(name);
  }
}

/**
 * Returns the values of a keyword argument in Python text: a string, or the strings of a list. `vis='a'` -> `['a']`,
 * `gaintable=['a', 'b']` -> `['a', 'b']`. Does not run the text; strings written by CASA contain no escaped quotes.
 * Each list is read once, so the time is linear in the length of the text.
 */
export function stringArguments(text: string, keyword: string): string[] {
  const argument = new RegExp(`\\b${keyword}\\s{0,10}=\\s{0,10}(?:(['"])([^'"\\n]{0,1000})\\1|\\[)`, 'g');
  const values: string[] = [];
  for (let match = argument.exec(text); match; match = argument.exec(text)) {
    if (match[2] !== undefined) {
      values.push(match[2]);
      continue;
    }
    const end = text.indexOf(']', argument.lastIndex);
    if (end < 0) break;
    for (const [, , value = ''] of text.slice(argument.lastIndex, end).matchAll(/(['"])([^'"\n]{0,1000})\1/g)) {
      values.push(value);
    }
    argument.lastIndex = end;
  }
  return values;
}
