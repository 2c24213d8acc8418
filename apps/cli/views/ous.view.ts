import type { DeliverySummary, GroupOus, Ous } from '@almagest/contracts';
import { humanSize, instant, printable, wrap } from '@almagest/text';
import { shortId } from '../archive/id-prefix';
import { table } from '../output/table';
import type { Colours } from '../output/terminal';
import { tree } from '../output/tree';
import { facts } from './facts.view';
import { groupBranch, memberBranch } from './project.view';

/** An ObsUnitSet: its state, its place in the project and its deliveries. */
export function ousView(ous: Ous, deliveries: readonly DeliverySummary[], colours: Colours, width: number): string[] {
  return [
    ...tree(ous.level === 'group' ? groupBranch(ous, colours) : memberBranch(ous, colours)),
    '',
    ...facts(
      [
        ['project', ous.project],
        ['science goal', ous.scienceGoal],
        ...(ous.level === 'member' ? [['group', ous.group] as const] : readiness(ous, width - 18)),
      ],
      colours,
    ),
    '',
    ...(deliveries.length === 0 ? ['No deliveries yet.'] : deliveryTable(deliveries, colours)),
  ];
}

/** The times at which a group became ready to combine, and at which that was withdrawn. */
function readiness({ readiness: times, remarks }: GroupOus, width: number): (readonly [string, string])[] {
  const folded = (label: string, text: string): (readonly [string, string])[] =>
    wrap(text, width).map((line, index) => [index === 0 ? label : '', line] as const);
  return [
    ...times.flatMap(({ since, withdrawn }) => {
      const end = withdrawn === null ? '' : `, withdrawn ${instant(withdrawn.at)}: ${printable(withdrawn.reason)}`;
      return folded('ready', `since ${instant(since)}${end}`);
    }),
    ...remarks.flatMap((remark) => folded('remark', printable(remark))),
  ];
}

function deliveryTable(deliveries: readonly DeliverySummary[], colours: Colours): string[] {
  const [head = '', ...lines] = table(
    [
      { title: 'DELIVERY' },
      { title: 'REV' },
      { title: 'QA2' },
      { title: 'STATE' },
      { title: 'MODE' },
      { title: 'PARTS', align: 'right' },
      { title: 'FILES', align: 'right' },
      { title: 'SIZE', align: 'right' },
      { title: 'CATALOGUED' },
    ],
    deliveries.map(({ id, revision, outcome, state, mode, parts, files, bytes, cataloguedAt }) => [
      shortId(id),
      `${revision}`,
      outcome,
      state === 'withdrawn' ? colours.red(state) : state,
      printable(mode),
      `${parts}`,
      `${files}`,
      humanSize(bytes),
      instant(cataloguedAt).slice(0, 16),
    ]),
  );
  return [colours.dim(head), ...lines];
}
