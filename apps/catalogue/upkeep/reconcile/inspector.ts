import { WITHDRAWAL_NAME } from '@almagest/contracts';
import { OBJECT_STORE, type ObjectInfo, type ObjectStore, type UploadName } from '@almagest/object-store';
import { Inject, Injectable } from '@nestjs/common';
import { type CataloguedObject, CataloguedObjects } from '../inventory/catalogued-objects';
import { mustHoldSomething } from '../inventory/store-presence';
import type { Finding } from './finding';
import { headAll } from './head-all';
import { LostParts } from './lost-parts';
import { type LyingManifest, manifestsIn } from './lying-manifests';
import { SettledPlaces, type Standing } from './settled-places';

const LOST_PART = 'With --repair it is read again from where it was posted, if that still has it.';
const LOST_NOTE = 'Only parts have a source to be read again from: restore it from a copy, or post a new revision.';
const OTHER_SIZE = 'Nothing that lies in the store is overwritten: restore it from a copy, or post a new revision.';
const UNCATALOGUED =
  'Of a whole delivery that the catalogue does not have: replay its dead letter, or rebuild a catalogue that was lost.';
const UNWITHDRAWN =
  'Says that its delivery was withdrawn, which the catalogue does not know, and may serve. Replay the dead letter of the ' +
  'QA2 result that it names, or post that FAIL again as a new revision.';
const REMARKS = {
  catalogued: 'Left over: its delivery was catalogued without it.',
  refused: 'Left over: its delivery was refused.',
  unheard: 'The catalogue has not heard how this delivery ended; it may be on its way. Look for dead letters.',
  foreign: 'The archive puts nothing there. Remove it by hand if nobody needs it.',
} satisfies Partial<Record<Standing['standing'], string>>;

/** What was judged, and how much of it belongs to deliveries on their way. */
export interface Judgement {
  findings: Finding[];
  inFlight: number;
}

/** Looks again at what the merge of two listings suspects: each listing is of another moment. */
@Injectable()
export class Inspector {
  constructor(
    private readonly catalogued: CataloguedObjects,
    private readonly places: SettledPlaces,
    private readonly lostParts: LostParts,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  /**
   * Objects that the store did not list. An object is in the store before it is catalogued and is never taken out
   * afterwards, so one look now decides.
   * @throws ObjectStoreError when the store has nothing at all
   */
  async missing(objects: readonly CataloguedObject[]): Promise<Finding[]> {
    const infos = await headAll(
      this.store,
      objects.map(({ key }) => key),
    );
    if (infos.includes(null)) await mustHoldSomething(this.store);
    return objects.flatMap((object, index) => compare(object, infos[index] ?? null));
  }

  /**
   * Objects that the catalogue did not list, from before `grownUpBy` (ms since 1970). First the places are looked up,
   * then the keys: a place becomes settled in the transaction that makes its objects known, so a settled place's
   * unknown object stays unknown for ever. That, and never its age alone, is what makes it left over.
   */
  async unknown(objects: readonly ObjectInfo[], grownUpBy: number): Promise<Judgement> {
    const keys = objects.map(({ key }) => key);
    const standings = await this.places.of(keys);
    const known = await this.catalogued.among(keys);
    const manifests = await manifestsIn(this.store, standings);
    const judgement: Judgement = { findings: [], inFlight: 0 };
    for (const [index, object] of objects.entries()) {
      const catalogued = known.get(object.key);
      const standing = standings[index];
      const found =
        catalogued !== undefined
          ? compare(catalogued, object)
          : standing && stray(object, standing, manifests, grownUpBy);
      if (found === 'in-flight') judgement.inFlight += 1;
      else judgement.findings.push(...(found ?? []));
    }
    return judgement;
  }

  /** Unfinished uploads older than the grace time. They hold nothing that is not elsewhere. */
  async uploads(uploads: readonly (UploadName & { startedAt: Date })[]): Promise<Judgement> {
    const keys = uploads.map(({ key }) => key);
    const standings = await this.places.of(keys);
    const awaited = await this.lostParts.awaited(keys);
    const judgement: Judgement = { findings: [], inFlight: 0 };
    for (const [index, { key, id, startedAt }] of uploads.entries()) {
      const standing = standings[index]?.standing ?? 'foreign';
      if (standing === 'in-flight' || awaited.has(key)) judgement.inFlight += 1;
      else {
        judgement.findings.push({
          kind: 'abandoned-upload',
          ...{ object_key: key, upload_id: id, expected: null, found: `begun ${startedAt.toISOString()}` },
          remark: REMARKS[standing],
          repairedBy: standing === 'catalogued' || standing === 'refused' ? 'removing' : null,
        });
      }
    }
    return judgement;
  }
}

/** Where the store's object is not what the catalogue says, as far as listings tell. */
export function compare({ kind, key, size }: CataloguedObject, stored: ObjectInfo | null): Finding[] {
  const common = { object_key: key, upload_id: null, expected: size === null ? null : bytes(size) };
  if (stored === null) {
    const [remark, repairedBy] = kind === 'part' ? [LOST_PART, 'restoring' as const] : [LOST_NOTE, null];
    return [{ ...common, kind: 'lost', found: null, remark, repairedBy }];
  }
  if (size === null || stored.size === size) return [];
  return [{ ...common, kind: 'size-differs', found: bytes(stored.size), remark: OTHER_SIZE, repairedBy: null }];
}

/** An object that the catalogue does not know. */
function stray(
  object: ObjectInfo,
  standing: Standing,
  manifests: ReadonlyMap<string, LyingManifest>,
  grownUpBy: number,
): Finding[] | 'in-flight' {
  if (standing.standing === 'foreign') return [strayFinding(object, 'foreign', REMARKS.foreign)];
  // It is written before the catalogue has it, into a place that is settled.
  if (standing.place.name === WITHDRAWAL_NAME) return [strayFinding(object, 'unwithdrawn', UNWITHDRAWN)];
  if (standing.standing === 'catalogued') return [leftOver(object, REMARKS.catalogued)];
  const manifest = manifests.get(standing.place.folder);
  if (standing.standing === 'refused') {
    // After a loss of the database, a refused message may name the place of a delivery that was taken in long ago.
    const isItsOwn = manifest === undefined || manifest.owner === standing.refused;
    return [isItsOwn ? leftOver(object, REMARKS.refused) : strayFinding(object, 'uncatalogued', UNCATALOGUED)];
  }
  if (manifest !== undefined && manifest.modifiedAt.getTime() < grownUpBy) {
    return [strayFinding(object, 'uncatalogued', UNCATALOGUED)];
  }
  if (manifest !== undefined || standing.standing === 'in-flight') return 'in-flight';
  return [strayFinding(object, 'unsettled', REMARKS.unheard)];
}

function leftOver(object: ObjectInfo, remark: string): Finding {
  return { ...strayFinding(object, 'orphan', remark), repairedBy: 'removing' };
}

function strayFinding({ key, size, modifiedAt }: ObjectInfo, kind: Finding['kind'], remark: string): Finding {
  const found = `${bytes(size)}, since ${modifiedAt.toISOString()}`;
  return { kind, object_key: key, upload_id: null, expected: null, found, remark, repairedBy: null };
}

function bytes(count: number): string {
  return `${count} bytes`;
}
