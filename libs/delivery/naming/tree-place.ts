import { isProjectCode, type OusDirectory, parseOusDirectory, type Uid } from '@almagest/ous';

/** An ObsUnitSet's directory as it stands in the tree; `uid` is null for the document's placeholders. */
export interface OusDirectoryName {
  name: string;
  uid: Uid | null;
}

/** Which ObsUnitSet a path lies in (§3): each level the path went through, and the deepest of them. */
export interface TreePlace {
  level: 'outside' | 'project' | 'science-goal' | 'group' | 'member';
  project: string | null;
  scienceGoal: OusDirectoryName | null;
  group: OusDirectoryName | null;
  member: OusDirectoryName | null;
}

/** `./a//b/` -> `['a', 'b']`: the names of a path, without what stands for "here". */
export function pathSegments(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '' && segment !== '.');
}

/** The path in the one spelling by which two entries are the same file. */
export function normalPath(path: string): string {
  const normal = pathSegments(path).join('/');
  // The same text twice would double what a listing takes in memory.
  return normal === path ? path : normal;
}

const ORDER = ['science-goal', 'group', 'member'] as const;

/**
 * Finds the ObsUnitSet a path lies in and how many of its names lead there. A level that is left out is null: saying
 * so is a rule's task.
 */
export function placeInTree(segments: readonly string[]): { place: TreePlace; depth: number } {
  const place: TreePlace = { level: 'outside', project: null, scienceGoal: null, group: null, member: null };
  const project = segments[0];
  if (project === undefined || !isProjectCode(project)) return { place, depth: 0 };
  place.project = project;
  place.level = 'project';
  let depth = 1;
  for (let next = 0; depth < segments.length; depth++) {
    const name = segments[depth] ?? '';
    const directory = parseOusDirectory(name);
    const level = directory ? ORDER.indexOf(directory.level) : -1;
    if (directory === null || level < next) break;
    enter(place, directory, name);
    next = level + 1;
  }
  return { place, depth };
}

function enter(place: TreePlace, directory: OusDirectory, name: string): void {
  const named = { name, uid: directory.uid };
  place.level = directory.level;
  if (directory.level === 'science-goal') place.scienceGoal = named;
  else if (directory.level === 'group') place.group = named;
  else place.member = named;
}
