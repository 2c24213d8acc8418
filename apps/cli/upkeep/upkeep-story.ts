import type { RunOf, UpkeepKind } from '@almagest/archive-client';
import type { Rebuild, Reconciliation, Scrub } from '@almagest/contracts';
import { count, humanSize, printable } from '@almagest/text';

/** What the command line says about a kind of upkeep. */
export interface UpkeepStory<Kind extends UpkeepKind> {
  kind: Kind;
  command: string;
  /** How far a run is, in a line. */
  progress(run: RunOf[Kind]): string;
  /** What a run that has ended amounts to. */
  summary(run: RunOf[Kind]): string;
  /** True when nothing more comes of a run. */
  isOver(run: RunOf[Kind]): boolean;
  /** True when nothing is left that somebody must look at. */
  isClean(run: RunOf[Kind]): boolean;
}

export const SCRUB: UpkeepStory<'scrub'> = {
  kind: 'scrub',
  command: 'scrub',
  progress: ({ objects, bytes, reading, damaged }: Scrub) => {
    const name = reading === null ? '' : `; reading ${printable(reading.key)}`;
    const found = damaged === 0 ? '' : `, ${damaged} damaged`;
    return `${objects.read} of ${count(objects.due, 'object')}, ${humanSize(bytes.read)} of ${humanSize(bytes.due)}${found}${name}`;
  },
  summary: ({ objects, bytes, damaged }: Scrub) =>
    `${count(objects.read, 'object')} read, ${humanSize(bytes.read)}: ${damaged === 0 ? 'all are as catalogued' : `${damaged} damaged`}`,
  isOver: ({ state }: Scrub) => state === 'done',
  isClean: ({ damaged }: Scrub) => damaged === 0,
};

export const RECONCILIATION: UpkeepStory<'reconciliation'> = {
  kind: 'reconciliation',
  command: 'reconcile',
  progress: ({ state, catalogued, stored, findingCount, restoring }: Reconciliation) =>
    state === 'done'
      ? `${count(restoring, 'lost part')} to be read again from where they were posted`
      : `${catalogued} catalogued and ${count(stored, 'stored object')} compared, ${count(findingCount, 'finding')}`,
  summary: ({ catalogued, stored, recent, inFlight, findingCount, repaired, restoring, repair }: Reconciliation) =>
    [
      `${count(catalogued, 'catalogued object')}, ${stored} in the store`,
      ...(recent > 0 ? [`${recent} too young to judge`] : []),
      ...(inFlight > 0 ? [`${inFlight} on their way`] : []),
      findingCount === 0 ? 'they agree' : count(findingCount, 'finding'),
      ...(repair ? [`${repaired} repaired`] : []),
      ...(restoring > 0 ? [`${restoring} being restored`] : []),
    ].join('; '),
  isOver: ({ state, restoring }: Reconciliation) => state === 'done' && restoring === 0,
  isClean: ({ findingCount, repaired }: Reconciliation) => findingCount === repaired,
};

export const REBUILD: UpkeepStory<'rebuild'> = {
  kind: 'rebuild',
  command: 'rebuild-catalogue',
  progress: ({ deliveries }: Rebuild) => `${deliveries} ${deliveries === 1 ? 'delivery' : 'deliveries'} written`,
  summary: ({ deliveries, findingCount }: Rebuild) =>
    `${deliveries === 1 ? '1 delivery' : `${deliveries} deliveries`} written anew; ` +
    (findingCount === 0 ? 'every manifest was good' : `${count(findingCount, 'manifest')} could not be used`),
  isOver: ({ state }: Rebuild) => state === 'done',
  isClean: ({ findingCount }: Rebuild) => findingCount === 0,
};
