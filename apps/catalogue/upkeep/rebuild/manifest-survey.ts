import {
  MANIFEST_NAME,
  type ManifestDelivery,
  type ParsedStoreKey,
  parseStoreKey,
  partKey,
  type Withdrawal,
  WITHDRAWAL_NAME,
} from '@almagest/contracts';
import {
  type ManifestDigest,
  ManifestError,
  manifestLines,
  type ObjectInfo,
  type ObjectStore,
} from '@almagest/object-store';
import { readWithdrawal } from '../../record/withdrawal.service';

/** A manifest object and its parsed key. */
export interface FoundManifest {
  object: ObjectInfo;
  key: ParsedStoreKey;
  /** The key of the withdrawal note beside it, if there is one. */
  withdrawalKey: string | null;
}

/** The most manifests of one group that are held in memory. */
const MAX_IN_GROUP = 10_000;

/** Yields the manifests in the store, group by group. The keys of a group are adjacent in the listing. */
export async function* manifestGroups(store: ObjectStore): AsyncGenerator<FoundManifest[]> {
  let group: FoundManifest[] = [];
  for await (const object of store.list('')) {
    const key = parseStoreKey(object.key);
    const last = group.at(-1);
    // A note sorts after the manifest of its folder.
    if (key?.name === WITHDRAWAL_NAME && last?.key.folder === key.folder) last.withdrawalKey = object.key;
    if (key?.name !== MANIFEST_NAME) continue;
    const [first] = group;
    if (first !== undefined && (!isSameGroup(first.key, key) || group.length >= MAX_IN_GROUP)) {
      yield group;
      group = [];
    }
    group.push({ object, key, withdrawalKey: null });
  }
  if (group.length > 0) yield group;
}

/** The fields of a manifest's delivery that a rebuild looks at. */
export type SurveyedDelivery = Omit<ManifestDelivery, 'report'>;

function isSameGroup(a: ParsedStoreKey, b: ParsedStoreKey): boolean {
  return a.project === b.project && a.group === b.group;
}

/**
 * Reads a whole manifest and compares it with its key.
 * @throws ManifestError when it is damaged or belongs to another delivery than its key says
 */
export async function surveyManifest(
  store: ObjectStore,
  { object, key }: FoundManifest,
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
    if (delivery === undefined) delivery = deliveryAt(key, line.kind === 'delivery' ? line : null, object.key);
    else if (line.kind === 'delivery') throw new ManifestError(`${object.key} has two delivery lines`);
    else if (line.kind === 'part' && line.key !== partKey(key.folder, line.name)) {
      throw new ManifestError(`${object.key} names a part outside its own folder: ${line.key}`);
    }
  }
}

/**
 * Reads the withdrawal note beside a manifest; returns null if there is none.
 * @throws ManifestError when the note is malformed, because the delivery may be withdrawn
 */
export async function surveyWithdrawal(
  store: ObjectStore,
  { withdrawalKey: key }: FoundManifest,
  delivery: SurveyedDelivery,
): Promise<Withdrawal | null> {
  if (key === null) return null;
  const note = await readWithdrawal(store, key);
  if (note === null) throw new ManifestError(`${key} is malformed; the delivery may be withdrawn`);
  if (note.withdrawal.delivery !== delivery.id)
    throw new ManifestError(`${key} belongs to delivery ${note.withdrawal.delivery}`);
  return note.withdrawal;
}

function deliveryAt(expected: ParsedStoreKey, line: ManifestDelivery | null, key: string): SurveyedDelivery {
  if (line === null) throw new ManifestError(`${key} does not begin with a delivery line`);
  const { project, group, ous, revision } = line;
  const isHere =
    project === expected.project &&
    group.uid === expected.group &&
    ous === expected.ous &&
    revision === expected.revision;
  if (!isHere) throw new ManifestError(`${key} belongs to revision ${revision} of ${ous} in ${project}`);
  if (ous !== group.uid && !group.members.some((member) => member.uid === ous)) {
    throw new ManifestError(`${key} belongs to ${ous}, which is not a member of its group`);
  }
  const { report: _report, ...surveyed } = line;
  return surveyed;
}
