import {
  MANIFEST_NAME,
  type ManifestDelivery,
  type ParsedStoreKey,
  parseStoreKey,
  partKey,
  type Withdrawal,
  WITHDRAWAL_NAME,
} from '@almagest/contracts';
import type { ObjectInfo, ObjectStore } from '@almagest/object-store';
import { ManifestError, manifestLines, type ManifestDigest } from '../../record/manifest-reader';
import { readWithdrawal } from '../../record/withdrawal.service';

/** A manifest object and the place it stands in. */
export interface FoundManifest {
  object: ObjectInfo;
  place: ParsedStoreKey;
  /** The key of the note beside it that its delivery was withdrawn. */
  withdrawalKey: string | null;
}

/** More manifests of one group than this are not held in memory. */
const MOST_IN_GROUP = 10_000;

/** The manifests in the store, those of a group together. Their keys lie together in the listing. */
export async function* manifestGroups(store: ObjectStore): AsyncGenerator<FoundManifest[]> {
  let group: FoundManifest[] = [];
  for await (const object of store.list('')) {
    const place = parseStoreKey(object.key);
    const last = group.at(-1);
    // In the order of keys a note comes after the manifest of its folder.
    if (place?.name === WITHDRAWAL_NAME && last?.place.folder === place.folder) last.withdrawalKey = object.key;
    if (place?.name !== MANIFEST_NAME) continue;
    const [first] = group;
    if (first !== undefined && (!isSameGroup(first.place, place) || group.length >= MOST_IN_GROUP)) {
      yield group;
      group = [];
    }
    group.push({ object, place, withdrawalKey: null });
  }
  if (group.length > 0) yield group;
}

/** What a manifest says of its delivery, apart from what is only written and not weighed. */
export type SurveyedDelivery = Omit<ManifestDelivery, 'report' | 'executionBlocks'>;

function isSameGroup(a: ParsedStoreKey, b: ParsedStoreKey): boolean {
  return a.project === b.project && a.group === b.group;
}

/**
 * Reads a manifest through and holds it against its place.
 * @throws ManifestError when it is damaged or not the manifest of the delivery that lies there
 */
export async function surveyManifest(
  store: ObjectStore,
  { object, place }: FoundManifest,
): Promise<ManifestDigest & { delivery: SurveyedDelivery }> {
  const lines = manifestLines(store, object.key);
  let delivery: SurveyedDelivery | undefined;
  for (;;) {
    const step = await lines.next();
    if (step.done === true) {
      if (delivery === undefined) throw new ManifestError(`${object.key} is empty`);
      return { ...step.value, delivery };
    }
    const line = step.value;
    if (delivery === undefined) delivery = deliveryAt(place, line.kind === 'delivery' ? line : null, object.key);
    else if (line.kind === 'delivery') throw new ManifestError(`${object.key} speaks of two deliveries`);
    else if (line.kind === 'part' && line.key !== partKey(place.folder, line.name)) {
      throw new ManifestError(`${object.key} names a part at ${line.key}`);
    }
  }
}

/**
 * What the note beside a manifest says; null where there is none.
 * @throws ManifestError when it cannot be read: then its delivery must not come back
 */
export async function surveyWithdrawal(
  store: ObjectStore,
  { withdrawalKey: key }: FoundManifest,
  delivery: SurveyedDelivery,
): Promise<Withdrawal | null> {
  if (key === null) return null;
  const note = await readWithdrawal(store, key);
  if (note === null) throw new ManifestError(`${key} cannot be read: is the delivery withdrawn?`);
  if (note.withdrawal.delivery !== delivery.id) throw new ManifestError(`${key} is of ${note.withdrawal.delivery}`);
  return note.withdrawal;
}

function deliveryAt(place: ParsedStoreKey, line: ManifestDelivery | null, key: string): SurveyedDelivery {
  if (line === null) throw new ManifestError(`${key} does not begin with its delivery`);
  const { project, group, ous, revision } = line;
  const isHere =
    project === place.project && group.uid === place.group && ous === place.ous && revision === place.revision;
  if (!isHere) throw new ManifestError(`${key} is of revision ${revision} of ${ous} in ${project}`);
  if (ous !== group.uid && !group.members.some((member) => member.uid === ous)) {
    throw new ManifestError(`${key} is of ${ous}, which is no member of its group`);
  }
  const { report: _report, executionBlocks: _executionBlocks, ...surveyed } = line;
  return surveyed;
}
