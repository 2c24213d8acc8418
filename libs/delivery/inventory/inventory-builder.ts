import { setImmediate as turn } from 'node:timers/promises';
import { compareUids, type Uid } from '@almagest/ous';
import type { FileContent } from '../content/file-content';
import { groupBy } from '../group-by';
import { classifyBelowOus } from '../naming/classify';
import { type Classification, plain } from '../naming/classification';
import { isLitterEntry } from '../naming/litter';
import type { Role } from '../naming/role';
import { normalPath, pathSegments, placeInTree, type TreePlace } from '../naming/tree-place';
import { type BrokenArchive, type DeliveryEntry, type EntryType, type PostedDelivery, setsId } from './delivery-entry';
import { chooseProfile } from '../profile/choose-profile';
import type { ProfileName } from '../profile/profile';
import { identify } from './identity';
import type { Inventory, InventoryEntry, InventoryPart, OccupiedPlace } from './inventory';
import type { DeliveryLimits } from './limits';
import { parsePartName } from './part-name';

const UNKNOWN_FILE: Classification = plain(null, 'unknown');

/** Roles of files that show that an execution block was used. Raw data may be of additional, unused blocks (§3). */
const REDUCTION_ROLES: readonly Role[] = [
  'scriptForCalibration',
  'caltables+flagversions.analyst',
  'calapply',
  'flagversions',
  'qa2.page',
  'qa2.text',
];

/** Collects entries, within the limits, and builds the inventory. */
export class InventoryBuilder {
  private readonly parts: InventoryPart[] = [];
  private readonly entries: InventoryEntry[] = [];
  /** One object for each place, shared by the thousands of entries in it. */
  private readonly places = new Map<string, TreePlace>();
  private characters = 0;
  private beyondLimits = 0;
  private bytes = 0;

  constructor(
    private readonly posted: PostedDelivery | null,
    private readonly limits: DeliveryLimits,
    private readonly profile: ProfileName | null,
  ) {}

  /** Adds a part, or the unpacked tree for a null name, and returns its index. */
  addPart(name: string | null): number {
    return this.parts.push({ name, parsed: name === null ? null : parsePartName(name), problem: null }) - 1;
  }

  setProblem(index: number, problem: BrokenArchive): void {
    const part = this.parts[index];
    if (part) this.parts[index] = { ...part, problem };
  }

  /** Adds an entry and returns it classified; null when it exceeds the limits and is only counted. */
  add(part: number, entry: DeliveryEntry): InventoryEntry | null {
    const file = isFile(entry);
    if (file) this.bytes += entry.size;
    this.characters += entry.path.length;
    if (this.entries.length >= this.limits.entries || this.characters > this.limits.listingCharacters) {
      this.beyondLimits++;
      return null;
    }
    const segments = pathSegments(entry.path);
    const { place, names } = this.locate(segments);
    const { item, role, executionBlock, session, page, image } = this.classify(part, entry, place, names, segments);
    const kept: InventoryEntry = {
      item,
      role,
      executionBlock: isUidOfOus(place, executionBlock) ? null : executionBlock,
      session,
      page,
      image,
      path: entry.path,
      key: normalPath(entry.path),
      part,
      type: entry.type,
      size: entry.size,
      pathFlaw: entry.pathFlaw ?? null,
      setsId: file && setsId(entry.mode ?? 0),
      place,
    };
    this.entries.push(kept);
    return kept;
  }

  /** Lets other work of the process continue in between: there may be some hundred thousand entries. */
  async build(contents: ReadonlyMap<InventoryEntry, FileContent>): Promise<Omit<Inventory, 'measurements'>> {
    const entries = [...this.entries].sort((a, b) => a.part - b.part);
    const files = entries.filter(isFile);
    await turn();
    const byRole = groupBy(files, ({ role }) => role);
    await turn();
    const places = occupiedPlaces(entries);
    const identity = identify(this.posted, this.parts, places);
    await turn();
    const profile = chooseProfile(files, this.parts, contents, this.profile);
    return {
      posted: this.posted,
      identity,
      mode: identity.level === 'group' ? 'combination' : memberMode(byRole),
      profile,
      limits: this.limits,
      parts: this.parts,
      entries,
      files,
      contents,
      byRole,
      items: new Set(files.map(({ item }) => item)),
      places,
      entriesBeyondLimits: this.beyondLimits,
      bytes: this.bytes,
      executionBlocks: this.posted ? usedBlocks(this.posted) : namedBlocks(byRole),
    };
  }

  private classify(
    part: number,
    entry: DeliveryEntry,
    place: TreePlace,
    names: readonly string[],
    segments: readonly string[],
  ): Classification {
    if (isLitterEntry(segments, entry.type)) return plain(null, 'litter');
    if (!isFile(entry)) return UNKNOWN_FILE;
    const wrapsReadme = this.parts[part]?.parsed?.kind === 'readme' && names.length === 1;
    const belowOus = place.level === 'group' || place.level === 'member' || wrapsReadme;
    return belowOus ? classifyBelowOus(names) : UNKNOWN_FILE;
  }

  private locate(segments: string[]): { place: TreePlace; names: string[] } {
    const { place, depth } = placeInTree(segments);
    const key = segments.slice(0, depth).join('/');
    const known = this.places.get(key) ?? place;
    if (known === place) this.places.set(key, place);
    return { place: known, names: segments.slice(depth) };
  }
}

function occupiedPlaces(entries: readonly InventoryEntry[]): OccupiedPlace[] {
  // Litter says nothing about the tree.
  const tree = entries.filter(({ role }) => role !== 'litter');
  const byPlace = groupBy(tree, ({ place }) => place);
  return [...byPlace].map(([place, within]) => ({
    place,
    example: within[0]?.path ?? '',
    files: within.filter(isFile).length,
  }));
}

function isFile({ type }: { type: EntryType }): boolean {
  return type === 'file' || type === 'contiguous-file';
}

/** The QA pages of a combination contain the uid of the GroupOUS, those of a member that of the execution block. */
function isUidOfOus(place: TreePlace, uid: Uid | null): boolean {
  return uid !== null && (uid === place.group?.uid || uid === place.member?.uid);
}

/**
 * A PPR shows pipeline calibration (§1). If it is missing, but there are Pipeline scripts and no calibration scripts,
 * the mode is still `pipeline`, and the rule `script.ppr` reports the missing PPR.
 */
function memberMode(byRole: ReadonlyMap<Role, readonly InventoryEntry[]>): 'analyst' | 'pipeline' {
  if (byRole.has('ppr')) return 'pipeline';
  const pipelineScripts = byRole.has('pipescript') || byRole.has('piperestorescript');
  return pipelineScripts && !byRole.has('scriptForCalibration') ? 'pipeline' : 'analyst';
}

function usedBlocks(posted: PostedDelivery): Uid[] {
  return posted.executionBlocks.filter((block) => block.use === 'used').map((block) => block.uid);
}

function namedBlocks(byRole: ReadonlyMap<Role, readonly InventoryEntry[]>): Uid[] {
  const uids = REDUCTION_ROLES.flatMap((role) => byRole.get(role) ?? []).map((file) => file.executionBlock);
  return [...new Set(uids)].filter((uid) => uid !== null).sort(compareUids);
}
