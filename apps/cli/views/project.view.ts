import type { GroupOus, MemberOus, Project } from '@almagest/contracts';
import { humanSize, printable } from '@almagest/text';
import { shortId } from '../archive/id-prefix';
import type { Colours } from '../output/terminal';
import { type Branch, tree } from '../output/tree';

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
