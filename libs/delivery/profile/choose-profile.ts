import type { FileContent } from '../content/file-content';
import type { InventoryEntry, InventoryPart } from '../inventory/inventory';
import type { ChosenProfile, ProfileName } from './profile';

interface Evidence {
  profile: ProfileName;
  what: string;
  /** Returns true for a file that only this era has. */
  shows(file: InventoryEntry): boolean;
}

/** What distinguishes an era from the one before it, newest first. */
const EVIDENCE: readonly Evidence[] = [
  {
    profile: 'cycle-6+',
    what: 'images named `member.<uid>.<source>_sci.spw<n>...`',
    shows: ({ image }) => image?.family === 'pipeline-member',
  },
  { profile: 'cycle-6+', what: 'an `auxproducts` archive', shows: ({ role }) => role === 'auxproducts' },
  { profile: 'cycle-6+', what: 'a pipeline manifest', shows: ({ role }) => role === 'pipeline_manifest' },
  {
    profile: 'cycle-3-5',
    what: 'images named `<uid>.<source>_sci.spw<n>.cube|mfs|cont...`',
    shows: ({ image }) => image?.family === 'pipeline',
  },
  {
    profile: 'cycle-3-5',
    what: 'manual images with the names of later cycles',
    shows: ({ image }) => image?.family === 'manual',
  },
  { profile: 'cycle-3-5', what: 'total power images', shows: ({ image }) => image?.family === 'total-power' },
];

/**
 * Chooses the era from the files: the newest era that file names show, else the cycle that the README states, else the
 * packaging. A requested profile overrides the files.
 */
export function chooseProfile(
  files: readonly InventoryEntry[],
  parts: readonly InventoryPart[],
  contents: ReadonlyMap<InventoryEntry, FileContent>,
  requested: ProfileName | null,
): ChosenProfile {
  if (requested !== null) return { name: requested, chosen: 'by request', reasons: [] };
  const found = EVIDENCE.map((evidence) => ({
    ...evidence,
    count: files.filter((file) => evidence.shows(file)).length,
  }));
  const newest = found.find(({ count }) => count > 0)?.profile;
  if (newest !== undefined) {
    const reasons = found.filter(({ profile, count }) => profile === newest && count > 0);
    return { name: newest, chosen: 'by files', reasons: reasons.map(({ what, count }) => `${count} x ${what}`) };
  }
  const cycle = cycleOfReadme(contents);
  if (cycle !== null)
    return { name: profileOfCycle(cycle), chosen: 'by files', reasons: [`the README says Cycle ${cycle}`] };
  if (parts.some(({ parsed }) => parsed?.kind === 'auxiliary')) {
    return { name: 'cycle-3-5', chosen: 'by files', reasons: ['an auxiliary part'] };
  }
  return { name: 'cycle-2', chosen: 'by files', reasons: ['no file shows a later cycle'] };
}

function cycleOfReadme(contents: ReadonlyMap<InventoryEntry, FileContent>): number | null {
  for (const content of contents.values()) {
    if (content.state !== 'read' || content.kind !== 'readme') continue;
    const cycle = /^(\d{1,2})\b/.exec(content.facts.cycle ?? '');
    if (cycle) return Number(cycle[1]);
  }
  return null;
}

function profileOfCycle(cycle: number): ProfileName {
  if (cycle <= 2) return 'cycle-2';
  return cycle <= 5 ? 'cycle-3-5' : 'cycle-6+';
}
