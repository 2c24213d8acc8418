import type { FitsInspection, ImageFacts } from '@almagest/fits';
import type { Uid } from '@almagest/ous';
import type { ContentKind, FactsOfKind, FileContent } from '../content/file-content';
import type { Measurement } from '../facts/qa2-claim';
import { groupBy } from '../group-by';
import type { Classification } from '../naming/classification';
import type { Item, Role } from '../naming/role';
import type { TreePlace } from '../naming/tree-place';
import type { ChosenProfile } from '../profile/profile';
import type { BrokenArchive, EntryType, NameFlaw, PostedDelivery } from './delivery-entry';
import type { DeliveryLimits } from './limits';
import type { PartName } from './part-name';

/** Analyst, pipeline (a PPR is present, §1), or a GroupOUS's combined imaging (§2). */
export const CALIBRATION_MODES = ['analyst', 'pipeline', 'combination'] as const;
export type CalibrationMode = (typeof CALIBRATION_MODES)[number];

/** One tar part, or the unpacked tree as a whole. */
export interface InventoryPart {
  /** File name of the tar; null for an unpacked tree. */
  name: string | null;
  parsed: PartName | null;
  problem: BrokenArchive | null;
}

/** One entry with its place in the tree and what its name says. */
export interface InventoryEntry extends Classification {
  /** As read. */
  path: string;
  /** The path in the one spelling by which two entries are the same file. */
  key: string;
  /** Index of its part. */
  part: number;
  type: EntryType;
  size: number;
  pathFlaw: NameFlaw | null;
  place: TreePlace;
}

/** The ObsUnitSets a delivery has to be of; null where neither the message nor the names say. */
export interface Identity {
  level: 'member' | 'group';
  project: string | null;
  scienceGoal: Uid | null;
  group: Uid | null;
  /** Null at level `group`. */
  member: Uid | null;
}

/** A part of the tree with how many files lie in it. */
export interface OccupiedPlace {
  place: TreePlace;
  /** A path that lies there. */
  example: string;
  files: number;
}

/** Everything the rules look at: plain and immutable. */
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
  /** What was read of the files that are looked into; a file is missing here when its content did not come by. */
  contents: ReadonlyMap<InventoryEntry, FileContent>;
  /** The images that are measured, with what came of it. */
  measurements: readonly Measurement[];
  byRole: ReadonlyMap<Role, readonly InventoryEntry[]>;
  /** The items of §3 that have files. */
  items: ReadonlySet<Item | null>;
  places: readonly OccupiedPlace[];
  /** Entries that were met after the limits, and not kept. */
  entriesBeyondLimits: number;
  bytes: number;
  /** Execution blocks used in the reduction: as posted, else as the files name them. */
  executionBlocks: readonly Uid[];
}

/** The files with a role; none is an empty list. */
export function filesWithRole(
  { byRole }: Pick<Inventory, 'byRole'>,
  ...roles: readonly Role[]
): readonly InventoryEntry[] {
  return roles.flatMap((role) => byRole.get(role) ?? []);
}

/** True when the part came as `<code>_<ous>_auxiliary.tar`: the packaging of later cycles. */
export function hasAuxiliaryPart(inventory: Inventory): boolean {
  return inventory.parts.some((part) => part.parsed?.kind === 'auxiliary');
}

/** The files of a kind whose content was read, with what it says. */
export function factsOf<K extends ContentKind>(
  { contents }: Pick<Inventory, 'contents'>,
  kind: K,
): { file: InventoryEntry; facts: FactsOfKind[K] }[] {
  const found: { file: InventoryEntry; facts: FactsOfKind[K] }[] = [];
  for (const [file, content] of contents) {
    // The compiler does not follow K through the union.
    if (content.state === 'read' && content.kind === kind) found.push({ file, facts: content.facts as FactsOfKind[K] });
  }
  return found;
}

/** A corrected image and the primary beam it was corrected by, both read. */
export interface ImagePair {
  image: InventoryEntry;
  beam: InventoryEntry;
  imageFacts: ImageFacts;
  beamFacts: ImageFacts;
}

/** As much of an inventory as tells which files there are, and what was read of them. */
export type InspectedFiles = Pick<Inventory, 'contents' | 'byRole'>;

/** Every corrected image that was read, with its primary beam that was read too. */
export function* imagesWithBeams(inventory: InspectedFiles): Iterable<ImagePair> {
  const read = new Map<InventoryEntry, FitsInspection>(
    factsOf(inventory, 'fits').map(({ file, facts }) => [file, facts]),
  );
  const beams = groupBy(filesWithRole(inventory, 'image.pb'), ({ image }) => image?.familyKey);
  for (const image of filesWithRole(inventory, 'image.pbcor')) {
    const ofFamily = beams.get(image.image?.familyKey) ?? [];
    // A second version of an image may have come with a beam of its own, or not.
    const beam = ofFamily.find((each) => each.image?.version === image.image?.version) ?? ofFamily.at(-1);
    const [imageFacts, beamFacts] = [read.get(image)?.image, beam && read.get(beam)?.image];
    if (beam && imageFacts && beamFacts) yield { image, beam, imageFacts, beamFacts };
  }
}
