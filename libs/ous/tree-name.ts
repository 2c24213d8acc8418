import { toFileForm, fromFileForm, Uid, UID_IN_FILE_NAME } from './uid';

/** The three levels of ObsUnitSets below the directory of a project (§3). */
export type OusLevel = 'science-goal' | 'group' | 'member';

/** A directory of an ObsUnitSet in the delivery tree; `uid` is null for the placeholders of the document. */
export interface OusDirectory {
  level: OusLevel;
  uid: Uid | null;
  /** `YYYY-MM-DD`, only in a name that has a date. */
  date?: string;
}

const NAMED: Record<string, OusLevel> = {
  science_goal: 'science-goal',
  group: 'group',
  member: 'member',
};
const STAGED: Record<string, OusLevel> = { SOUS: 'science-goal', GOUS: 'group', MOUS: 'member' };
const PLACEHOLDER: Record<string, OusLevel> = {
  sg_ouss_id: 'science-goal',
  group_ouss_id: 'group',
  member_ouss_id: 'member',
};

const NAMED_FORM = new RegExp(`^(science_goal|group|member)\\.(${UID_IN_FILE_NAME})$`);
const STAGED_FORM = new RegExp(`^(SOUS|GOUS|MOUS)_(${UID_IN_FILE_NAME})$`);
const DATED_MEMBER = /^member_ouss_(\d{4})-?(\d{2})-?(\d{2})_id$/;

/**
 * Reads a directory name of the tree: `member.uid___A001_X1_Xa3`, the placeholder `member_ouss_id` that real trees of
 * Cycles 0-8 were delivered with, Cycle 0's `member_ouss_<date>_id`, or the pipeline's `MOUS_uid___...`.
 * Returns null when it names no ObsUnitSet.
 */
export function parseOusDirectory(name: string): OusDirectory | null {
  const named = NAMED_FORM.exec(name);
  if (named) return { level: NAMED[named[1] ?? ''] ?? 'member', uid: fromFileForm(named[2] ?? '') };
  const staged = STAGED_FORM.exec(name);
  if (staged) return { level: STAGED[staged[1] ?? ''] ?? 'member', uid: fromFileForm(staged[2] ?? '') };
  const placeholder = Object.hasOwn(PLACEHOLDER, name) ? PLACEHOLDER[name] : undefined;
  if (placeholder) return { level: placeholder, uid: null };
  const dated = DATED_MEMBER.exec(name);
  return dated ? { level: 'member', uid: null, date: `${dated[1]}-${dated[2]}-${dated[3]}` } : null;
}

/** Returns the directory name of an ObsUnitSet in a delivery: `group.uid___A001_X1_Xa2`. */
export function ousDirectoryName(level: OusLevel, uid: Uid): string {
  return `${level.replace('-', '_')}.${toFileForm(uid)}`;
}
