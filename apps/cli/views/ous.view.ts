import type { DeliverySummary, GroupOus, MemberOus, Ous, Project } from '@almagest/contracts';
import { humanSize, instant, printable, wrap } from '@almagest/text';
import { shortId } from '../archive/id-prefix';
import { type Branch, facts, table, tree } from '../output/table';
import type { Colours } from '../output/terminal';

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

type OusFacts = Pick<MemberOus, 'state' | 'revision' | 'outcome' | 'delivery'>;

/** A project as the tree of its ObsUnitSets with their states (§2). */
export function projectView({ code, scienceGoals }: Project, colours: Colours): string[] {
  return tree({
    text: colours.bold(code),
    below: scienceGoals.map(({ uid, groups }) => ({
      text: `science goal ${uid}`,
      below: groups.map((group) => groupBranch(group, colours)),
    })),
  });
}

export function groupBranch(group: GroupOus, colours: Colours): Branch {
  const ready = group.ready ? `  ${colours.green('ready to combine')}` : '';
  return {
    text: `GroupOUS ${group.uid}  ${ousState(group, colours)}${ready}`,
    below: group.members.map((member) => memberBranch(member, colours)),
  };
}

export function memberBranch(member: MemberOus, colours: Colours): Branch {
  const { uid, array, schedulingBlock, executionBlocks } = member;
  const blocks = executionBlocks.map(({ uid: block, use, size }) => ({
    text: `execution block ${block}  ${use}, ${humanSize(size)}`,
    below: [],
  }));
  const below =
    schedulingBlock === null
      ? blocks
      : [{ text: `scheduling block ${printable(schedulingBlock.name)} (${schedulingBlock.uid})`, below: blocks }];
  return { text: `MemberOUS ${uid}  ${array}  ${ousState(member, colours)}`, below };
}

/** `delivered r1 PASS 5f0c1234` */
export function ousState({ state, revision, outcome, delivery }: OusFacts, colours: Colours): string {
  const paint = { delivered: colours.green, rejected: colours.red, awaited: colours.dim }[state as string] ?? String;
  return [
    paint(state),
    ...(revision === null ? [] : [`r${revision}`]),
    ...(outcome === null ? [] : [outcome]),
    ...(delivery === null ? [] : [shortId(delivery)]),
  ].join(' ');
}
