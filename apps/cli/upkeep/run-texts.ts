import type { RunOf, UpkeepKind } from '@almagest/archive-client';
import type { Rebuild, Reconciliation, Scrub, SearchRebuild, UpkeepFinding } from '@almagest/contracts';
import { count, humanSize, instant, printable, wrap } from '@almagest/text';
import type { Colours } from '../output/terminal';

/** The texts of the command line for one kind of upkeep run. */
export interface RunTexts<Kind extends UpkeepKind> {
  kind: Kind;
  command: string;
  /** The progress of a run, in one line. */
  progress(run: RunOf[Kind]): string;
  /** The outcome of a run that has ended, in one line. */
  summary(run: RunOf[Kind]): string;
  /** True when the run has ended and its repairs are done. */
  isOver(run: RunOf[Kind]): boolean;
  /** True when no finding needs attention. */
  isClean(run: RunOf[Kind]): boolean;
}

export const SCRUB: RunTexts<'scrub'> = {
  kind: 'scrub',
  command: 'scrub',
  progress: ({ objects, bytes, reading, damaged }: Scrub) => {
    const name = reading === null ? '' : `; reading ${printable(reading.key)}`;
    const found = damaged === 0 ? '' : `, ${damaged} damaged`;
    return `${objects.read} of ${count(objects.due, 'object')}, ${humanSize(bytes.read)} of ${humanSize(bytes.due)}${found}${name}`;
  },
  summary: ({ objects, bytes, damaged }: Scrub) =>
    `${count(objects.read, 'object')} read, ${humanSize(bytes.read)}: ${damaged === 0 ? 'all match the catalogue' : `${damaged} damaged`}`,
  isOver: ({ state }: Scrub) => state === 'done',
  isClean: ({ damaged }: Scrub) => damaged === 0,
};

export const RECONCILIATION: RunTexts<'reconciliation'> = {
  kind: 'reconciliation',
  command: 'reconcile',
  progress: ({ state, catalogued, stored, findingCount, restoring }: Reconciliation) =>
    state === 'done'
      ? `recovering ${count(restoring, 'lost part')} from where they were posted`
      : `${catalogued} catalogued and ${count(stored, 'stored object')} compared, ${count(findingCount, 'finding')}`,
  summary: ({ catalogued, stored, recent, inFlight, findingCount, repaired, restoring, repair }: Reconciliation) =>
    [
      `${count(catalogued, 'catalogued object')}, ${stored} in the store`,
      ...(recent > 0 ? [`${recent} too recent to judge`] : []),
      ...(inFlight > 0 ? [`${inFlight} in transfer`] : []),
      findingCount === 0 ? 'they agree' : count(findingCount, 'finding'),
      ...(repair ? [`${repaired} repaired`] : []),
      ...(restoring > 0 ? [`${restoring} being recovered`] : []),
    ].join('; '),
  isOver: ({ state, restoring }: Reconciliation) => state === 'done' && restoring === 0,
  isClean: ({ findingCount, repaired }: Reconciliation) => findingCount === repaired,
};

export const REBUILD: RunTexts<'rebuild'> = {
  kind: 'rebuild',
  command: 'rebuild-catalogue',
  progress: ({ deliveries }: Rebuild) => `${deliveries} ${deliveries === 1 ? 'delivery' : 'deliveries'} rebuilt`,
  summary: ({ deliveries, findingCount }: Rebuild) =>
    `${deliveries === 1 ? '1 delivery' : `${deliveries} deliveries`} rebuilt; ` +
    (findingCount === 0 ? 'every manifest was usable' : `${count(findingCount, 'manifest')} could not be used`),
  isOver: ({ state }: Rebuild) => state === 'done',
  isClean: ({ findingCount }: Rebuild) => findingCount === 0,
};

export const SEARCH_REBUILD: RunTexts<'search-rebuild'> = {
  kind: 'search-rebuild',
  command: 'rebuild-search',
  progress: ({ deliveries }: SearchRebuild) => `${count(deliveries, 'ObsUnitSet')} filled`,
  summary: ({ deliveries, removed }: SearchRebuild) =>
    `${count(deliveries, 'ObsUnitSet')} filled; ${removed} removed that ${removed === 1 ? 'has' : 'have'} no delivery`,
  isOver: ({ state }: SearchRebuild) => state === 'done',
  isClean: () => true,
};

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
