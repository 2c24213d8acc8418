import type { UpkeepFinding } from '@almagest/contracts';
import { instant, printable, wrap } from '@almagest/text';
import type { Colours } from '../output/terminal';

const REPAIRS: Record<NonNullable<UpkeepFinding['repair']>, string> = {
  pending: 'not repaired yet',
  done: 'repaired',
  'not-possible': 'cannot be repaired here',
};

/** A finding of a scrub, a reconciliation or a rebuild. */
export function findingLines(finding: UpkeepFinding, colours: Colours, width: number): string[] {
  const { kind, key, upload, expected, found, remark, repair, lastGoodAt } = finding;
  const facts = [
    ...(expected === null ? [] : [`expected ${printable(expected)}`]),
    ...(found === null ? [] : [`found ${printable(found)}`]),
    ...(upload === null ? [] : [`upload ${printable(upload)}`]),
    ...(lastGoodAt === null ? [] : [`last verified ${instant(lastGoodAt)}`]),
  ];
  const about = [...(facts.length > 0 ? [facts.join('; ')] : []), printable(remark)];
  return [
    `${colours.red(kind)}  ${printable(key)}${repair === null ? '' : `  ${colours.dim(REPAIRS[repair])}`}`,
    ...about.flatMap((text) => wrap(text, width - 2).map((line) => `  ${line}`)),
  ];
}
