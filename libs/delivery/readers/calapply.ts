import type { CalapplyFacts, RestoreScriptFacts } from '../facts/calapply-facts';
import { linesOf } from './lines';
import { stringArguments } from './python-call';

const MOST_NAMES = 5000;
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
    measurementSets: stringArguments(text, 'vis').slice(0, MOST_NAMES),
    sessions: stringArguments(text, 'session').slice(0, MOST_NAMES),
  };
}

/** Paths are cut to the table's own name: the Pipeline writes them with its working directory in front. */
function collect(names: Set<string>, values: readonly string[]): void {
  for (const value of values) {
    const name = value.slice(value.lastIndexOf('/') + 1);
    if (name !== '' && names.size < MOST_NAMES) names.add(name);
  }
}
