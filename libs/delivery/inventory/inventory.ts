import type { FitsInspection, ImageFacts } from '@almagest/fits';
import type { Uid } from '@almagest/ous';
import type { ContentKind, FactsOfKind, FileContent } from '../content/file-content';
import type { Measurement } from '../facts/qa2-claim';
import { groupBy } from '../group-by';
import type { Classification } from '../naming/classification';
import { primaryBeamOf } from '../naming/primary-beam';
import type { Item, Role } from '../naming/role';
import type { TreePlace } from '../naming/tree-place';
import type { ChosenProfile } from '../profile/profile';
import type { BrokenArchive, EntryType, NameFlaw, PostedDelivery } from './delivery-entry';
import type { DeliveryLimits } from './limits';
import type { PartName } from './part-name';

/** Calibrated by an analyst or by the Pipeline (a PPR is present, §1), or the combined imaging of a GroupOUS (§2). */
export const CALIBRATION_MODES = ['analyst', 'pipeline', 'combination'] as const;
export type CalibrationMode = (typeof CALIBRATION_MODES)[number];

/** One tar part, or the unpacked tree as a whole. */
export interface InventoryPart {
  /** File name of the tar; null for an unpacked tree. */
  name: string | null;
  parsed: PartName | null;
  problem: BrokenArchive | null;
}

/** One entry with its place in the tree and the classification of its name. */
export interface InventoryEntry extends Classification {
  /** As read. */
  path: string;
  /** The normalised path: two entries with the same key are the same file. */
  key: string;
  /** Index of its part. */
  part: number;
  type: EntryType;
  size: number;
  pathFlaw: NameFlaw | null;
  /** True for a file whose mode sets the user or group id of a process that runs it. */
  setsId: boolean;
  place: TreePlace;
}

/** The ObsUnitSets that a delivery must belong to; null where neither the posted result nor the names say. */
export interface Identity {
  level: 'member' | 'group';
  project: string | null;
  scienceGoal: Uid | null;
  group: Uid | null;
  /** Null at level `group`. */
  member: Uid | null;
}

/** A place in the tree and the number of files in it. */
export interface OccupiedPlace {
  place: TreePlace;
  /** A path in this place. */
  example: string;
  files: number;
}

/** Everything that the rules read: plain, immutable data. */
export interface Inventory {
  posted: PostedDelivery | null;
  identity: Identity;
  mode: CalibrationMode;
  profile: ChosenProfile;
  limits: DeliveryLimits;
  parts: readonly InventoryPart[];
  /** Every entry, directories included, part by part. */
  entries: readonly InventoryEntry[];
  /** The regular files among them. */
  files: readonly InventoryEntry[];
  /** The results of inspecting files; a file is missing here when its content was not received. */
  contents: ReadonlyMap<InventoryEntry, FileContent>;
  /** The measurements of images. */
  measurements: readonly Measurement[];
  byRole: ReadonlyMap<Role, readonly InventoryEntry[]>;
  /** The items of §3 that have files. */
  items: ReadonlySet<Item | null>;
  places: readonly OccupiedPlace[];
  /** Number of entries beyond the limits, which were not kept. */
  entriesBeyondLimits: number;
  bytes: number;
  /** Execution blocks used in the reduction: as posted, else as named by the files. */
  executionBlocks: readonly Uid[];
}

export function isLink(type: EntryType): boolean {
  return type === 'symlink' || type === 'hardlink';
}

/** Returns the files that have one of the roles. */
export function filesWithRole(
  { byRole }: Pick<Inventory, 'byRole'>,
  ...roles: readonly Role[]
): readonly InventoryEntry[] {
  return roles.flatMap((role) => byRole.get(role) ?? []);
}

/** Returns the date in the names of the parts of Cycle 0, `YYYY-MM-DD`; null when they have none. */
export function packagingDate({ parts }: Pick<Inventory, 'parts'>): string | null {
  const dates = parts.flatMap(({ parsed }) => (parsed?.kind === 'dated' ? [parsed.date] : []));
  return dates[0] ?? null;
}

/** Returns true when there is a part `<code>_<ous>_auxiliary.tar`: the packaging of later cycles. */
export function hasAuxiliaryPart(inventory: Inventory): boolean {
  return inventory.parts.some((part) => part.parsed?.kind === 'auxiliary');
}

/** Returns the files of a kind whose content was read, with their facts. */
export function factsOf<K extends ContentKind>(
  { contents }: Pick<Inventory, 'contents'>,
  kind: K,
): { file: InventoryEntry; facts: FactsOfKind[K] }[] {
  const found: { file: InventoryEntry; facts: FactsOfKind[K] }[] = [];
  for (const [file, content] of contents) {
    // The compiler does not narrow the union by K.
    if (content.state === 'read' && content.kind === kind) found.push({ file, facts: content.facts as FactsOfKind[K] });
  }
  return found;
}

/** A corrected image and the primary beam that it was corrected with, both read. */
export interface ImagePair {
  image: InventoryEntry;
  beam: InventoryEntry;
  imageFacts: ImageFacts;
  beamFacts: ImageFacts;
}

/** The part of an inventory that lists the files and the facts read from them. */
export type InspectedFiles = Pick<Inventory, 'contents' | 'byRole'>;

/** Yields every corrected image with its primary beam, if both were read. */
export function* imagesWithBeams(inventory: InspectedFiles): Iterable<ImagePair> {
  const read = new Map<InventoryEntry, FitsInspection>(
    factsOf(inventory, 'fits').map(({ file, facts }) => [file, facts]),
  );
  const beams = groupBy(filesWithRole(inventory, 'image.pb'), ({ image }) => image?.familyKey);
  for (const image of filesWithRole(inventory, 'image.pbcor')) {
    const beam = primaryBeamOf(image, beams.get(image.image?.familyKey) ?? []);
    const [imageFacts, beamFacts] = [read.get(image)?.image, beam && read.get(beam)?.image];
    if (beam && imageFacts && beamFacts) yield { image, beam, imageFacts, beamFacts };
  }
}
