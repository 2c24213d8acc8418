import { ousDirectoryName, parseOusDirectory, PROJECT_CODE_IN_FILE_NAME } from '@almagest/ous';

/** The Pipeline's staging area: `<code>_<timestamp>` or `<code>.MOUS...` for the project directory. */
const STAGED_PROJECT = new RegExp(`^(${PROJECT_CODE_IN_FILE_NAME})(?:_\\d{4}[\\d_T.:-]*|\\.[SGM]OUS[^/]*)$`);

/**
 * `2013.1.09999.S_2015_01_15T10_00_00.000/SOUS_uid___A001_X1_Xa1/...` -> `2013.1.09999.S/science_goal.uid___A001_X1_Xa1/...`:
 * returns the directory of a delivery for one with the names of the Pipeline's staging area; null for other names.
 */
export function deliveredForm(segments: readonly string[]): string | null {
  const project = STAGED_PROJECT.exec(segments[0] ?? '')?.[1];
  if (project === undefined) return null;
  const levels: string[] = [];
  for (const name of segments.slice(1)) {
    const directory = parseOusDirectory(name);
    if (directory === null) break;
    levels.push(directory.uid === null ? name : ousDirectoryName(directory.level, directory.uid));
  }
  return levels.length === 0 ? null : `${[project, ...levels].join('/')}/`;
}
