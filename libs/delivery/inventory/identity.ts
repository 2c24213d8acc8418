import type { Uid } from '@almagest/ous';
import type { PostedDelivery } from './delivery-entry';
import type { Identity, InventoryPart, OccupiedPlace } from './inventory';

/**
 * Returns the ObsUnitSet that a delivery must belong to: as posted, else as named by the tar, else as named in the
 * tree. Without a posted result the names can be compared only with one another.
 */
export function identify(
  posted: PostedDelivery | null,
  parts: readonly InventoryPart[],
  places: readonly OccupiedPlace[],
): Identity {
  if (posted) {
    const { project, level, scienceGoal, group, ous } = posted;
    return { level, project, scienceGoal, group, member: level === 'member' ? ous : null };
  }
  const filled = places.filter(({ files }) => files > 0).map(({ place }) => place);
  const named = parts.map((part) => nameOf(part)).find((name) => name !== null) ?? null;
  const inTree = {
    scienceGoal: first(filled.map((place) => place.scienceGoal?.uid)),
    group: first(filled.map((place) => place.group?.uid)),
    member: first(filled.map((place) => place.member?.uid)),
  };
  const level = levelOf(filled, inTree.group, named?.ous ?? null);
  const project = named?.project ?? first(filled.map((place) => place.project));
  if (level === 'group') return { ...inTree, level, project, group: named?.ous ?? inTree.group, member: null };
  return { ...inTree, level, project, member: named?.ous ?? inTree.member };
}

function nameOf(part: InventoryPart): { project: string | null; ous: Uid | null } | null {
  switch (part.parsed?.kind) {
    case 'product':
    case 'auxiliary':
      return { project: part.parsed.project, ous: part.parsed.ous };
    case 'dated':
      return { project: part.parsed.project, ous: null };
    case 'raw':
    case 'readme':
    case undefined:
      return null;
  }
}

function levelOf(
  filled: readonly OccupiedPlace['place'][],
  group: Uid | null,
  ousOfName: Uid | null,
): Identity['level'] {
  if (ousOfName !== null && ousOfName === group) return 'group';
  const members = filled.some((place) => place.level === 'member');
  return !members && filled.some((place) => place.level === 'group') ? 'group' : 'member';
}

function first<T>(values: readonly (T | null | undefined)[]): T | null {
  return values.find((value) => value !== null && value !== undefined) ?? null;
}
