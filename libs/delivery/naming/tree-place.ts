import { isProjectCode, type OusDirectory, parseOusDirectory, type Uid } from '@almagest/ous';

/** The directory of an ObsUnitSet in the tree; `uid` is null for the placeholders of the document. */
export interface OusDirectoryName {
  name: string;
  uid: Uid | null;
  /** `YYYY-MM-DD`, in the form of Cycle 0 `member_ouss_<date>_id` only. */
  date: string | null;
}

/** The ObsUnitSet of a path (§3): each level that the path contains, and the deepest of them. */
export interface TreePlace {
  level: 'outside' | 'project' | 'science-goal' | 'group' | 'member';
  project: string | null;
  scienceGoal: OusDirectoryName | null;
  group: OusDirectoryName | null;
  member: OusDirectoryName | null;
}

/** `./a//b/` -> `['a', 'b']`: the names of a path, without empty names and `.`. */
export function pathSegments(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '' && segment !== '.');
}

/** Returns the normalised path: two entries with the same normalised path are the same file. */
export function normalPath(path: string): string {
  const normal = pathSegments(path).join('/');
  // Returning the same string halves the memory of a listing.
  return normal === path ? path : normal;
}

const ORDER = ['science-goal', 'group', 'member'] as const;

/**
 * Finds the ObsUnitSet of a path and the number of names that lead to it. A missing level is null; a rule reports it.
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
  const named = { name, uid: directory.uid, date: directory.date ?? null };
  place.level = directory.level;
  if (directory.level === 'science-goal') place.scienceGoal = named;
  else if (directory.level === 'group') place.group = named;
  else place.member = named;
}
