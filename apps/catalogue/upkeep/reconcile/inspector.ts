import { WITHDRAWAL_NAME } from '@almagest/contracts';
import { OBJECT_STORE, type ObjectInfo, type ObjectStore, type UploadName } from '@almagest/object-store';
import { Inject, Injectable } from '@nestjs/common';
import { assertNotEmpty, type CataloguedObject, CataloguedObjects, headObjects } from '../inventory';
import type { UpkeepFindingRow } from '../runs/upkeep-run.entity';
import {
  DeliveryLookup,
  type DeliveryStatus,
  findUncataloguedManifests,
  type UncataloguedManifest,
} from './delivery-lookup';
import { PartRecovery } from './part-recovery';

const LOST_PART = '`almagest reconcile --repair` reads it again from where it was posted, if it is still there.';
const LOST_OTHER = 'Only a part can be read again from its source. Copy it back from a backup, or post a new revision.';
const SIZE_DIFFERS =
  'The archive never overwrites a stored object. Copy it back from a backup, or post a new revision.';
const UNCATALOGUED =
  'Part of a complete delivery that is not in the catalogue. Replay its dead letter, or rebuild the catalogue if it was lost.';
const UNWITHDRAWN =
  'Says that its delivery was withdrawn, but the catalogue does not know this and may serve it. Replay the dead letter of ' +
  'the QA2 result that it names, or post that FAIL again as a new revision.';
const REMARKS = {
  catalogued: 'Orphan: its delivery was catalogued without it.',
  rejected: 'Orphan: its delivery was rejected.',
  unknown: 'This delivery is neither catalogued nor rejected; it may be on its way. Check the dead letters.',
  foreign: 'The archive never writes to this key. Delete it by hand if nobody needs it.',
} satisfies Partial<Record<DeliveryStatus['status'], string>>;

/** What a reconciliation reports about an object or upload, and the repair, if one is certainly right. */
export interface Finding extends Pick<
  UpkeepFindingRow,
  'kind' | 'object_key' | 'upload_id' | 'expected' | 'found' | 'remark'
> {
  repairBy: 'deleting' | 'recovering' | null;
}

/** The result of an inspection, and how many of the objects belong to deliveries on their way. */
export interface Inspection {
  findings: Finding[];
  inFlight: number;
}

/** Checks the differences between the two listings again, because each listing was made at another time. */
@Injectable()
export class Inspector {
  constructor(
    private readonly catalogued: CataloguedObjects,
    private readonly deliveries: DeliveryLookup,
    private readonly recovery: PartRecovery,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  /**
   * Inspects objects that the store did not list. An object is stored before it is catalogued and is never deleted
   * afterwards, so one look now is conclusive.
   * @throws ObjectStoreError when the store lists no objects
   */
  async missing(objects: readonly CataloguedObject[]): Promise<Finding[]> {
    const infos = await headObjects(
      this.store,
      objects.map(({ key }) => key),
    );
    if (infos.includes(null)) await assertNotEmpty(this.store);
    return objects.flatMap((object, index) => compare(object, infos[index] ?? null));
  }

  /**
   * Inspects objects that the catalogue did not list and that were written before `olderThan` (ms since 1970).
   *
   * The deliveries are looked up before the keys. A delivery becomes catalogued in the transaction that catalogues its
   * objects, so an object that is unknown after that lookup stays unknown. This makes it an orphan, and never its age
   * alone.
   */
  async unknown(objects: readonly ObjectInfo[], olderThan: number): Promise<Inspection> {
    const keys = objects.map(({ key }) => key);
    const statuses = await this.deliveries.statuses(keys);
    const known = await this.catalogued.among(keys);
    const manifests = await findUncataloguedManifests(this.store, statuses);
    const inspection: Inspection = { findings: [], inFlight: 0 };
    for (const [index, object] of objects.entries()) {
      const catalogued = known.get(object.key);
      const status = statuses[index];
      const found =
        catalogued !== undefined
          ? compare(catalogued, object)
          : status && inspectUnknown(object, status, manifests, olderThan);
      if (found === 'in-flight') inspection.inFlight += 1;
      else inspection.findings.push(...(found ?? []));
    }
    return inspection;
  }

  /** Inspects unfinished uploads older than the grace period. An upload has no data that cannot be read again. */
  async uploads(uploads: readonly (UploadName & { startedAt: Date })[]): Promise<Inspection> {
    const keys = uploads.map(({ key }) => key);
    const statuses = await this.deliveries.statuses(keys);
    const recovering = await this.recovery.requested(keys);
    const inspection: Inspection = { findings: [], inFlight: 0 };
    for (const [index, { key, id, startedAt }] of uploads.entries()) {
      const status = statuses[index]?.status ?? 'foreign';
      if (status === 'in-flight' || recovering.has(key)) inspection.inFlight += 1;
      else {
        inspection.findings.push({
          kind: 'abandoned-upload',
          object_key: key,
          upload_id: id,
          expected: null,
          found: `started ${startedAt.toISOString()}`,
          remark: REMARKS[status],
          repairBy: status === 'catalogued' || status === 'rejected' ? 'deleting' : null,
        });
      }
    }
    return inspection;
  }
}

/** Compares a catalogued object with its listing in the store. */
export function compare({ kind, key, size }: CataloguedObject, stored: ObjectInfo | null): Finding[] {
  const common = { object_key: key, upload_id: null, expected: size === null ? null : bytes(size) };
  if (stored === null) {
    const [remark, repairBy] = kind === 'part' ? [LOST_PART, 'recovering' as const] : [LOST_OTHER, null];
    return [{ ...common, kind: 'lost', found: null, remark, repairBy }];
  }
  if (size === null || stored.size === size) return [];
  return [{ ...common, kind: 'size-differs', found: bytes(stored.size), remark: SIZE_DIFFERS, repairBy: null }];
}

function inspectUnknown(
  object: ObjectInfo,
  status: DeliveryStatus,
  manifests: ReadonlyMap<string, UncataloguedManifest>,
  olderThan: number,
): Finding[] | 'in-flight' {
  if (status.status === 'foreign') return [unknownObject(object, 'foreign', REMARKS.foreign)];
  // A withdrawal note is written before its transaction commits, into the folder of a catalogued delivery.
  if (status.key.name === WITHDRAWAL_NAME) return [unknownObject(object, 'unwithdrawn', UNWITHDRAWN)];
  if (status.status === 'catalogued') return [orphan(object, REMARKS.catalogued)];
  const manifest = manifests.get(status.key.folder);
  if (status.status === 'rejected') {
    // After a loss of the database, a rejected message may have the folder of a delivery that was stored long ago.
    const isItsOwn = manifest === undefined || manifest.deliveryId === status.deliveryId;
    return [isItsOwn ? orphan(object, REMARKS.rejected) : unknownObject(object, 'uncatalogued', UNCATALOGUED)];
  }
  if (manifest !== undefined && manifest.modifiedAt.getTime() < olderThan) {
    return [unknownObject(object, 'uncatalogued', UNCATALOGUED)];
  }
  if (manifest !== undefined || status.status === 'in-flight') return 'in-flight';
  return [unknownObject(object, 'unsettled', REMARKS.unknown)];
}

function orphan(object: ObjectInfo, remark: string): Finding {
  return { ...unknownObject(object, 'orphan', remark), repairBy: 'deleting' };
}

function unknownObject({ key, size, modifiedAt }: ObjectInfo, kind: Finding['kind'], remark: string): Finding {
  const found = `${bytes(size)}, modified ${modifiedAt.toISOString()}`;
  return { kind, object_key: key, upload_id: null, expected: null, found, remark, repairBy: null };
}

function bytes(count: number): string {
  return `${count} bytes`;
}
