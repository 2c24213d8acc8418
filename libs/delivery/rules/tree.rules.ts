import { ousDirectoryName, type OusLevel, type Uid } from '@almagest/ous';
import type { Identity, Inventory } from '../inventory/inventory';
import type { OusDirectoryName, TreePlace } from '../naming/tree-place';
import { listed } from '../printable';
import { ruleFamily, type Rule, type Violation } from './rule';

const ONE_TREE = 'so that the deliveries of one project unpack into one tree, each into its own place';

export const treeRules = ruleFamily([
  {
    code: 'tree.misplaced',
    severity: 'reject',
    section: '§3',
    statement: 'Every file lies in the directory of the ObsUnitSet that is delivered.',
    reason: `All data falls into a standardized directory structure, ${ONE_TREE}.`,
    example: '`notes.txt` lies beside the project directory.',
    remedy: 'Put the file below `<project>/<science goal>/<group>/<member>/`, or take it out.',
    *check({ files, parts, identity }) {
      for (const { path, key, place, part } of files) {
        if (key === '' || place.level === identity.level || parts[part]?.parsed?.kind === 'readme') continue;
        yield {
          file: path,
          message: `the file does not lie in the directory of the ${identity.level === 'group' ? 'GroupOUS' : 'MemberOUS'}`,
          expected: directoryOf(identity),
          found: PLACE_NAMES[place.level],
        };
      }
    },
  },
  {
    code: 'tree.level-missing',
    severity: 'reject',
    section: '§3',
    statement: 'The tree has all its levels: project, science goal, group and member.',
    reason: `The levels tell which science goal and group a member belongs to, ${ONE_TREE}.`,
    example: 'The member directory lies directly in the project directory.',
    remedy: 'Put the missing directories in between.',
    *check({ places, identity }) {
      for (const { place, example, files } of places) {
        if (files === 0 || place.level !== identity.level) continue;
        const missing = LEVELS_ABOVE[identity.level].filter(({ key }) => place[key] === null);
        if (missing.length === 0) continue;
        const names = missing.map(({ title }) => title).join(' and ');
        const message = `the directory of the ${names} is left out`;
        yield { file: example, message, expected: directoryOf(identity), found: null };
      }
    },
  },
  {
    code: 'tree.project',
    severity: 'reject',
    section: '§3',
    statement: 'The tree is that of one project: the one posted.',
    reason: 'Data of another project would be given to the wrong PI.',
    example: 'A file lies below `2013.1.09998.S/`.',
    remedy: 'Pack the files of the posted project only, below its code.',
    *check({ places, identity }) {
      const told = new Set<string>();
      for (const { place, example } of places) {
        if (place.project === null || place.project === identity.project || told.has(place.project)) continue;
        told.add(place.project);
        const message = 'the tree holds the directory of another project';
        yield { file: example, message, expected: identity.project, found: listed([place.project]) };
      }
    },
  },
  oneDirectory('scienceGoal', 'science-goal', 'science goal', 'science_goal.uid___A001_X1_Xff'),
  oneDirectory('group', 'group', 'GroupOUS', 'group.uid___A001_X1_Xff'),
  oneDirectory('member', 'member', 'MemberOUS', 'member.uid___A001_X1_Xff'),
]);

const SCIENCE_GOAL = { key: 'scienceGoal', title: 'science goal' } as const;
const GROUP = { key: 'group', title: 'group' } as const;
const LEVELS_ABOVE = { group: [SCIENCE_GOAL], member: [SCIENCE_GOAL, GROUP] };

const PLACE_NAMES: Record<TreePlace['level'], string> = {
  outside: 'outside of every project directory',
  project: 'in the project directory itself',
  'science-goal': 'in the directory of the science goal',
  group: 'in the directory of the GroupOUS',
  member: 'in the directory of a MemberOUS',
};

function directoryOf({ level, project, scienceGoal, group, member }: Identity): string {
  const names = [
    project ?? '<project>',
    scienceGoal ? ousDirectoryName('science-goal', scienceGoal) : '<science goal>',
    group ? ousDirectoryName('group', group) : '<group>',
    ...(level === 'group' ? [] : [member ? ousDirectoryName('member', member) : '<member>']),
  ];
  return `${names.join('/')}/`;
}

function oneDirectory(key: 'scienceGoal' | 'group' | 'member', level: OusLevel, title: string, example: string): Rule {
  return {
    code: `tree.${level}`,
    severity: 'reject',
    section: '§3',
    statement: `The tree holds one directory of a ${title}: that of the one posted.`,
    reason: 'Files of another ObsUnitSet would be catalogued under this one, and the other would lack them.',
    example: `A file lies below \`${example}\`.`,
    remedy: 'Pack the files of the posted ObsUnitSet only, each level under one directory.',
    check: (inventory) => otherDirectories(inventory, key, level, title),
  };
}

/** Placeholders such as `member_ouss_id` say nothing against the posted uid, but two names cannot both be it. */
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
  const expected = uid === null ? `one directory of a ${title}` : ousDirectoryName(level, uid);
  let chosen: string | null = null;
  for (const [name, { directory, example }] of names) {
    const fits = directory.uid === null || uid === null || directory.uid === uid;
    if (fits && chosen === null) chosen = name;
    else {
      yield { file: example, message: `the tree holds another ${title}`, expected, found: listed([name]) };
    }
  }
}
