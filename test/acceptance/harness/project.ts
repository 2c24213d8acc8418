import type { Qa2Result } from '@almagest/contracts';
import { type ArrayKind, ousDirectoryName, parseUid, type Uid } from '@almagest/ous';

/** A MemberOUS that is used by one test only. */
export interface Member {
  uid: Uid;
  array: ArrayKind;
  executionBlock: Uid;
}

/** A project with one science goal and one group, used by one test of the archive only. */
export interface Project {
  code: string;
  scienceGoal: Uid;
  group: Uid;
  members: [Member, ...Member[]];
  recipients: Qa2Result['recipients'];
}

let projects = 0;

/** Returns a new project whose group has a member for each array. */
export function newProject(...arrays: [ArrayKind, ...ArrayKind[]]): Project {
  projects += 1;
  const uid = (archive: 'A001' | 'A002', low: number): Uid =>
    parseUid(`uid://${archive}/X${projects.toString(16)}/X${low.toString(16)}`);
  const member = (array: ArrayKind, index: number): Member => ({
    uid: uid('A001', 0x10 + index),
    array,
    executionBlock: uid('A002', 0x10 + index),
  });
  const [first, ...others] = arrays;
  return {
    code: `2013.1.${String(projects).padStart(5, '0')}.S`,
    scienceGoal: uid('A001', 1),
    group: uid('A001', 2),
    members: [member(first, 0), ...others.map((array, index) => member(array, index + 1))],
    recipients: [
      { role: 'pi', name: 'Vera Rubin', email: `pi-${projects}@example.org` },
      { role: 'delegee', name: 'Jocelyn Bell', email: `delegee-${projects}@example.org` },
    ],
  };
}

/** Returns the directory of a delivery in the tree of §3: that of the member, or of the group itself. */
export function treeOf({ code, scienceGoal, group }: Project, member?: Member): string {
  return [
    code,
    ousDirectoryName('science-goal', scienceGoal),
    ousDirectoryName('group', group),
    ...(member === undefined ? [] : [ousDirectoryName('member', member.uid)]),
  ].join('/');
}
