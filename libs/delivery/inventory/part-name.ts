import { parsePackageName, type PackageName, PROJECT_CODE_IN_FILE_NAME, type Uid } from '@almagest/ous';
import { fromFileForm, UID_IN_FILE_NAME } from '@almagest/ous';

/** A part of Cycle 0, named by its date: `<code>_<date>_mmm_of_nnn.tar`. */
interface DatedTarName {
  kind: 'dated';
  project: string;
  /** `YYYY-MM-DD`. */
  date: string;
  part: number;
  of: number;
}

/** The README of later cycles in its own tar: it is in neither the product nor the auxiliary tar. */
interface ReadmeTarName {
  kind: 'readme';
  ous: Uid;
}

export type PartName = PackageName | DatedTarName | ReadmeTarName;

const DATED = new RegExp(
  `^(${PROJECT_CODE_IN_FILE_NAME})_(\\d{4})-?(\\d{2})-?(\\d{2})_(\\d{1,4})_of_(\\d{1,4})\\.tar$`,
);
const README = new RegExp(`^(?:member|group)\\.(${UID_IN_FILE_NAME})\\.README\\.txt\\.tar$`);

/** Parses the file name of a part; null when it has no known form (§2, docs/standard/real-deliveries.md §2). */
export function parsePartName(name: string): PartName | null {
  const dated = DATED.exec(name);
  if (dated) {
    const [, project = '', year, month, day, part, of] = dated;
    return { kind: 'dated', project, date: `${year}-${month}-${day}`, part: Number(part), of: Number(of) };
  }
  const readme = README.exec(name);
  if (readme) return { kind: 'readme', ous: fromFileForm(readme[1] ?? '') };
  return parsePackageName(name);
}
