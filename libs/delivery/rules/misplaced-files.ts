import type { Identity, Inventory, InventoryEntry } from '../inventory/inventory';
import { itemOfDirectory } from '../naming/classify';
import { deliveredForm } from '../naming/staging-form';
import { pathSegments, placeInTree, type TreePlace } from '../naming/tree-place';
import type { Violation } from './rule';

const PLACE_NAMES: Record<TreePlace['level'], string> = {
  outside: 'outside every project directory',
  project: 'in the project directory itself',
  'science-goal': 'in the directory of the science goal',
  group: 'in the directory of the GroupOUS',
  member: 'in the directory of a MemberOUS',
};

/** Misplaced files below one directory that should not be there. */
interface Misplaced {
  first: InventoryEntry;
  /** Path of the directory, ending in `/`; empty for the top. */
  directory: string;
  files: number;
  /** True when items of §3 are among them, so that the right place lacks them. */
  hasItems: boolean;
}

/** Yields one violation for each directory with files outside the directory of the ObsUnitSet, not one for each file. */
export function* misplacedFiles({ files, parts, identity }: Inventory, expected: string): Iterable<Violation> {
  const found = new Map<string, Misplaced>();
  for (const file of files) {
    const { key, place, part, role } = file;
    if (key === '' || role === 'litter' || place.level === identity.level || parts[part]?.parsed?.kind === 'readme') {
      continue;
    }
    const names = pathSegments(file.path);
    const directory = offendingDirectory(names);
    const group = found.get(directory) ?? { first: file, directory, files: 0, hasItems: false };
    found.set(directory, group);
    group.files++;
    group.hasItems ||= names.slice(0, -1).some((name) => itemOfDirectory(name) !== null);
  }
  for (const group of found.values()) yield violationOf(group, identity, expected);
}

/** The place in the tree, or the first directory below it that is neither an item of §3 nor an ObsUnitSet. */
function offendingDirectory(names: readonly string[]): string {
  const { depth } = placeInTree(names);
  const next = names[depth];
  const stray = next !== undefined && names.length > depth + 1 && itemOfDirectory(next) === null;
  return names
    .slice(0, stray ? depth + 1 : depth)
    .map((name) => `${name}/`)
    .join('');
}

function violationOf(
  { first, directory, files, hasItems }: Misplaced,
  { level }: Identity,
  expected: string,
): Violation {
  const staged = deliveredForm(pathSegments(first.path));
  const what = files === 1 ? 'the file is' : `${files} files are`;
  const where = level === 'group' ? 'GroupOUS' : 'MemberOUS';
  const more = files === 1 ? '' : ` and ${files - 1} more`;
  return {
    file: first.path,
    message:
      staged === null
        ? `${what} not in the directory of the ${where}`
        : `${what} in a directory with the names of the Pipeline's staging area`,
    expected: staged ?? expected,
    found: `${PLACE_NAMES[first.place.level]}${directory === '' ? '' : `, in ${directory}`}${more}`,
    ...(staged === null ? {} : { remedy: `Rename the directories to the form of §3, ${staged}, and pack them again.` }),
    ...(hasItems ? { hidesFiles: true as const } : {}),
  };
}
