import { ousDirectoryName, type OusLevel, type Uid } from '@almagest/ous';
import { type Identity, type Inventory, packagingDate } from '../inventory/inventory';
import type { OusDirectoryName } from '../naming/tree-place';
import { listed } from '../printable';
import { misplacedFiles } from './misplaced-files';
import { ruleFamily, type Rule, type Violation } from './rule';

const ONE_TREE = 'so that the deliveries of one project unpack into one tree, each in its own place';

export const treeRules = ruleFamily([
  {
    code: 'tree.misplaced',
    severity: 'reject',
    section: '§3',
    statement: 'Every file is in the directory of the ObsUnitSet that is delivered.',
    reason: `All data is stored in one standard directory structure, ${ONE_TREE}.`,
    example: '`notes.txt` is next to the project directory.',
    remedy: 'Move the file below `<project>/<science goal>/<group>/<member>/`, or remove it.',
    check: (inventory) => misplacedFiles(inventory, directoryOf(inventory.identity)),
  },
  {
    code: 'tree.level-missing',
    severity: 'reject',
    section: '§3',
    statement: 'The tree has all its levels: project, science goal, group and member.',
    reason: `The levels show which science goal and group a member belongs to, ${ONE_TREE}.`,
    example: 'The member directory is directly in the project directory.',
    remedy: 'Insert the missing directories.',
    *check({ places, identity }) {
      for (const { place, example, files } of places) {
        if (files === 0 || place.level !== identity.level) continue;
        const missing = LEVELS_ABOVE[identity.level].filter(({ key }) => place[key] === null);
        if (missing.length === 0) continue;
        const names = missing.map(({ title }) => title).join(' and ');
        const message = `the tree has no directory for the ${names}`;
        yield { file: example, message, expected: directoryOf(identity), found: null };
      }
    },
  },
  {
    code: 'tree.project',
    severity: 'reject',
    section: '§3',
    statement: 'The tree contains only the project that was posted.',
    reason: 'Data of another project would go to the wrong PI.',
    example: 'A file is below `2013.1.09998.S/`.',
    remedy: 'Pack only the files of the posted project, below its project code.',
    *check({ places, identity }) {
      const reported = new Set<string>();
      for (const { place, example } of places) {
        if (place.project === null || place.project === identity.project || reported.has(place.project)) continue;
        reported.add(place.project);
        const message = 'the tree contains the directory of another project';
        yield { file: example, message, expected: identity.project, found: listed([place.project]) };
      }
    },
  },
  oneDirectoryRule('scienceGoal', 'science-goal', 'science goal', 'science_goal.uid___A001_X1_Xff'),
  oneDirectoryRule('group', 'group', 'GroupOUS', 'group.uid___A001_X1_Xff'),
  oneDirectoryRule('member', 'member', 'MemberOUS', 'member.uid___A001_X1_Xff'),
]);

const SCIENCE_GOAL = { key: 'scienceGoal', title: 'science goal' } as const;
const GROUP = { key: 'group', title: 'group' } as const;
const LEVELS_ABOVE = { group: [SCIENCE_GOAL], member: [SCIENCE_GOAL, GROUP] };

function directoryOf({ level, project, scienceGoal, group, member }: Identity): string {
  const names = [
    project ?? '<project>',
    scienceGoal ? ousDirectoryName('science-goal', scienceGoal) : '<science goal>',
    group ? ousDirectoryName('group', group) : '<group>',
    ...(level === 'group' ? [] : [member ? ousDirectoryName('member', member) : '<member>']),
  ];
  return `${names.join('/')}/`;
}

function oneDirectoryRule(
  key: 'scienceGoal' | 'group' | 'member',
  level: OusLevel,
  title: string,
  example: string,
): Rule {
  return {
    code: `tree.${level}`,
    severity: 'reject',
    section: '§3',
    statement: `The tree contains one ${title} directory: that of the posted ${title}.`,
    reason: 'Files of another ObsUnitSet would be catalogued under this one, and would be missing from the other.',
    example: `A file is below \`${example}\`.`,
    remedy: 'Pack only the files of the posted ObsUnitSet, with one directory for each level.',
    *check(inventory) {
      yield* otherDirectories(inventory, key, level, title);
      if (key === 'member') yield* otherDates(inventory);
    },
  };
}

/** A placeholder such as `member_ouss_id` agrees with any posted uid, but two different names cannot both be right. */
function* otherDirectories(
  { places, identity }: Inventory,
  key: 'scienceGoal' | 'group' | 'member',
  level: OusLevel,
  title: string,
): Iterable<Violation> {
  if (key === 'member' && identity.level === 'group') return;
  const uid: Uid | null = identity[key];
  const names = new Map<string, { directory: OusDirectoryName; example: string }>();
  for (const { place, example } of places) {
    const directory = place[key];
    if (directory !== null && !names.has(directory.name)) names.set(directory.name, { directory, example });
  }
  const expected = uid === null ? `one ${title} directory` : ousDirectoryName(level, uid);
  let chosen: string | null = null;
  for (const [name, { directory, example }] of names) {
    const fits = directory.uid === null || uid === null || directory.uid === uid;
    if (fits && chosen === null) chosen = name;
    else {
      yield { file: example, message: `the tree contains another ${title}`, expected, found: listed([name]) };
    }
  }
}

/**
 * In Cycle 0 the parts and the directory of the MemberOUS are named with a date. A difference is a warning: nothing says
 * that they were always written on the same day.
 */
function* otherDates(inventory: Inventory): Iterable<Violation> {
  const date = packagingDate(inventory);
  const reported = new Set<string>();
  for (const { place, example } of inventory.places) {
    const { name, date: found } = place.member ?? { name: '', date: null };
    if (date === null || found === null || found === date || reported.has(name)) continue;
    reported.add(name);
    yield {
      file: example,
      message: 'the directory of the MemberOUS has another date than the parts',
      expected: `member_ouss_${date}_id`,
      found: name,
      severity: 'warn',
    };
  }
}
