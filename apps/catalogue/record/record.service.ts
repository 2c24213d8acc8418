import type { DeliveryRow, Failure, MemberFileRow, ObsUnitSetRow, OusState, PartRow } from '@almagest/catalogue-db';
import {
  type DataOf,
  deliveryCatalogued,
  deliveryFolder,
  type deliveryRejected,
  type deliveryStored,
  furtherMembers,
  type ManifestDelivery,
  ousOf,
  type Qa2Outcome,
  type qa2ResultAccepted,
  type ServedOus,
  servedBy,
  storeFolder,
} from '@almagest/contracts';
import { Outbox } from '@almagest/messaging';
import { ManifestError, OBJECT_STORE, type ObjectStore, readManifest } from '@almagest/object-store';
import type { Uid } from '@almagest/ous';
import { failpoint } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DeliveriesRepository } from './deliveries.repository';
import { GroupReadinessService } from './group-readiness.service';
import { HierarchyRepository } from './hierarchy.repository';
import { readStoredImages } from './stored-images';
import { type OusFailure, type StoredNote, WithdrawalService } from './withdrawal.service';

/** Rows inserted by one statement. */
const BATCH = 500;

/** What QA2 decided for the ObsUnitSets that a delivery serves. */
export interface Decision {
  project: string;
  serves: readonly Omit<ServedOus, 'executionBlocks'>[];
  revision: number;
  outcome: Qa2Outcome;
}

/** A delivery whose parts and manifest are in the object store. */
export type StoredDelivery = Omit<DataOf<typeof deliveryStored>, 'report' | 'alsoServes'>;

/** A stored delivery whose parts and files are in the database, in the transaction that read its manifest. */
export interface LoadedDelivery {
  event: StoredDelivery;
  delivery: ManifestDelivery;
  serves: readonly ServedOus[];
  totals: Totals;
  note: StoredNote | null;
}

/**
 * Records what QA2 decided for each ObsUnitSet and what was delivered. A delivery may serve several MemberOUSs, in several
 * groups (docs/adr/0041): it is recorded for all of them, or withdrawn from all of them, in one transaction.
 *
 * Every method runs in one transaction. It reads the object store before it locks the groups, so a slow store delays one
 * delivery and not its whole group. Everything that depends on other deliveries or on a FAIL is read and decided under
 * the lock (READ COMMITTED: each statement sees what is committed by then). What is read before the lock stays valid:
 *
 * - The rows of parts and files belong to this delivery alone, and nobody sees them before the commit. A FAIL or a newer
 *   revision that arrives meanwhile therefore changes only the state that `catalogue` gives the delivery.
 * - The manifest does not change after `DeliveryStored`. One that differs has another SHA-256: the transaction rolls
 *   back and the message is retried.
 * - Only the transaction that withdraws a delivery writes its note. For a delivery that is catalogued between the read
 *   and the lock, `fail` writes the note without having looked for an older one. An older one exists only when events
 *   are replayed after a loss of the database; the new one then names the same FAIL with a later time.
 * - A process that is killed leaves no rows, and a note that the next attempt reads.
 *
 * The lock of the delivery, always acquired before that of the group, makes a second message about the same delivery
 * wait, and then skip it.
 */
@Injectable()
export class RecordService {
  constructor(
    private readonly hierarchy: HierarchyRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly readiness: GroupReadinessService,
    private readonly withdrawals: WithdrawalService,
    private readonly outbox: Outbox,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  /** Records a QA2 result. */
  async accepted(manager: EntityManager, { id, result, deliver }: DataOf<typeof qa2ResultAccepted>): Promise<void> {
    const { project, outcome, revision, decidedAt, reason = null } = result;
    const ous = ousOf(result);
    const failure = outcome === 'FAIL' ? { result: id, ous, revision, decidedAt, reason } : null;
    const decision = { project, serves: servedBy(result, ous), revision, outcome };
    await this.decided(manager, decision, deliver, new Date(), failure);
    if (deliver) await this.deliveries.forgetRejected(manager, storeFolder(result), id);
  }

  /**
   * Moves ObsUnitSets to the state that QA2 decided.
   * @param failure of an ObsUnitSet, which withdraws the deliveries below its revision from all that they serve
   */
  async decided(
    manager: EntityManager,
    { project, serves, revision, outcome }: Decision,
    deliver: boolean,
    at: Date,
    failure: OusFailure | null = null,
  ): Promise<void> {
    const below = failure === null ? { notes: [], groups: [] } : await this.withdrawals.readBelow(manager, failure);
    const groups = serves.map(({ group }) => group.uid);
    await this.hierarchy.lockGroups(manager, [...groups, ...below.groups]);
    for (const { scienceGoal, group, ous } of serves) {
      await this.hierarchy.upsert(manager, { project, scienceGoal, group });
      await this.move(manager, ous, { revision, state: deliver ? 'accepted' : 'not-delivered', outcome });
    }
    const withdrawn = failure === null ? [] : await this.withdrawals.fail(manager, failure, below.notes, at);
    await this.settle(manager, project, [...groups, ...withdrawn], at);
  }

  /** Records that the delivery standard rejected a delivery; readers keep the revision before it, if there is one. */
  async rejected(manager: EntityManager, event: DataOf<typeof deliveryRejected>): Promise<void> {
    const { project, revision, alsoServes } = event;
    const serves = [event, ...alsoServes];
    const groups = serves.map(({ group }) => group);
    await this.hierarchy.lockGroups(manager, groups);
    for (const { ous } of serves) await this.move(manager, ous, { revision, state: 'rejected' });
    await this.deliveries.noteRejected(manager, { delivery_id: event.deliveryId, folder: deliveryFolder(event) });
    await this.settle(manager, project, groups, new Date());
  }

  /** Catalogues a stored delivery; does nothing when it is catalogued already. */
  async stored(manager: EntityManager, event: StoredDelivery): Promise<void> {
    const loaded = await this.load(manager, event);
    if (loaded !== null) await this.catalogue(manager, loaded, new Date());
  }

  /**
   * Reads the manifest of a stored delivery, verifies it, and inserts the rows of its parts and files. Does not lock the
   * group. Returns null when the delivery is catalogued already.
   * @throws ManifestError
   */
  async load(manager: EntityManager, event: StoredDelivery): Promise<LoadedDelivery | null> {
    await this.deliveries.lock(manager, event.deliveryId);
    if (await this.deliveries.exists(manager, event.deliveryId)) return null;
    const { delivery, totals } = await this.insertContents(manager, event);
    const serves = servedBy(delivery, delivery.ous);
    return { event, delivery, serves, totals, note: await this.withdrawals.readNote(event) };
  }

  /**
   * Makes a loaded delivery visible and replaces the revisions before it. A delivery below a FAIL of any ObsUnitSet that
   * it serves is recorded as withdrawn and never visible.
   */
  async catalogue(manager: EntityManager, loaded: LoadedDelivery, at: Date): Promise<void> {
    const { delivery, serves, totals, note } = loaded;
    const { project, revision } = delivery;
    const groups = serves.map(({ group }) => group.uid);
    await this.hierarchy.lockGroups(manager, groups);
    const failures: Failure[] = [];
    for (const { scienceGoal, group, ous } of serves) {
      await this.hierarchy.upsert(manager, { project, scienceGoal, group });
      const { failed } = await this.hierarchy.find(manager, ous);
      if (failed !== null && failed.revision > revision) failures.push(failed);
    }
    const [failed] = failures;
    if (failed === undefined) {
      await this.show(manager, loaded, at);
    } else {
      await this.deliveries.insert(manager, deliveryRow(delivery, totals, 'withdrawn', at), ousesOf(serves));
      const notes = note === null ? [] : [note];
      for (const { ous } of serves) {
        await this.move(manager, ous, { revision, state: 'not-delivered', outcome: delivery.outcome });
      }
      await this.withdrawals.withdraw(manager, delivery, delivery.group.uid, 'unseen', failed, notes, at);
    }
    await this.settle(manager, project, groups, at);
    failpoint('catalogue.written-before-commit');
  }

  private async settle(manager: EntityManager, project: string, groups: readonly Uid[], at: Date): Promise<void> {
    for (const group of new Set(groups)) await this.readiness.settle(manager, project, group, at);
  }

  private async show(
    manager: EntityManager,
    { event, delivery, serves, totals }: LoadedDelivery,
    at: Date,
  ): Promise<void> {
    const { deliveryId, project, group, ous, level, revision } = event;
    const before = new Map<Uid, DeliveryRow>();
    const newer: DeliveryRow[] = [];
    for (const served of serves) {
      const current = await this.deliveries.current(manager, served.ous);
      const known = current ?? (await this.deliveries.lastWithdrawnBelow(manager, served.ous, revision));
      if (known !== null) before.set(served.ous, known);
    }
    await this.deliveries.insert(manager, deliveryRow(delivery, totals, 'current', at), ousesOf(serves));
    for (const served of serves) {
      const known = before.get(served.ous);
      if (known !== undefined && known.revision > revision) {
        newer.push(known);
        before.delete(served.ous);
        await this.deliveries.replace(manager, served.ous, deliveryId, at);
      } else {
        if (known !== undefined && known.state !== 'withdrawn')
          await this.deliveries.replace(manager, served.ous, known.id, at);
        await this.makeCurrent(manager, delivery, served);
      }
    }
    const [replaced] = before.values();
    const isSuperseded = newer.length === serves.length;
    await this.outbox.add(
      manager,
      deliveryCatalogued,
      { key: group, subject: ous },
      {
        deliveryId,
        project,
        group,
        ous,
        alsoServes: furtherMembers(delivery),
        level,
        revision,
        replaces: replaced?.id ?? null,
        supersededBy: isSuperseded ? (newer[0]?.id ?? null) : null,
      },
    );
  }

  private async makeCurrent(
    manager: EntityManager,
    delivery: ManifestDelivery,
    { ous, executionBlocks }: ServedOus,
  ): Promise<void> {
    await this.move(manager, ous, { revision: delivery.revision, state: 'delivered', outcome: delivery.outcome });
    await this.hierarchy.update(manager, ous, { delivery_id: delivery.id });
    if (delivery.level === 'member') {
      await this.hierarchy.replaceExecutionBlocks(manager, ous, executionBlocks);
    } else {
      const members = await this.hierarchy.listedMembers(manager, delivery.group.uid);
      await this.deliveries.linkMembers(manager, delivery.id, members);
    }
  }

  /** Moves an ObsUnitSet forward. A state of an older revision, or an earlier state of the same one, is ignored. */
  private async move(
    manager: EntityManager,
    ous: Uid,
    to: { revision: number; state: OusState; outcome?: ObsUnitSetRow['outcome'] },
  ): Promise<void> {
    const row = await this.hierarchy.find(manager, ous);
    const newer = row.revision === null || to.revision > row.revision;
    const further = to.revision === row.revision && row.state === 'accepted';
    if (newer || further) await this.hierarchy.update(manager, ous, to);
  }

  private async insertContents(
    manager: EntityManager,
    event: StoredDelivery,
  ): Promise<{ delivery: ManifestDelivery; totals: Totals }> {
    const totals: Totals = { parts: 0, files: 0, bytes: 0 };
    let delivery: ManifestDelivery | undefined;
    let part: PartRow | undefined;
    let files: MemberFileRow[] = [];
    const partKeys = new Map<string, string>();
    for await (const line of readManifest(this.store, event.manifest)) {
      if (line.kind === 'delivery') {
        delivery = line;
      } else if (line.kind === 'part') {
        const { name, key, size, sha256 } = line;
        part = { delivery_id: event.deliveryId, name, position: ++totals.parts, size, sha256, object_key: key };
        totals.bytes += size;
        await this.deliveries.insertParts(manager, [part]);
      } else if (part !== undefined) {
        const { kind: _kind, ...file } = line;
        files.push({ ...file, delivery_id: event.deliveryId, part: part.name });
        partKeys.set(part.name, part.object_key);
        totals.files += 1;
        if (files.length === BATCH) {
          await this.insertFiles(manager, delivery, files, partKeys);
          files = [];
        }
      }
    }
    if (files.length > 0) await this.insertFiles(manager, delivery, files, partKeys);
    const { key, size, sha256 } = event.manifest;
    await this.deliveries.insertManifest(manager, { delivery_id: event.deliveryId, object_key: key, size, sha256 });
    if (delivery?.id !== event.deliveryId) throw new ManifestError(`${event.manifest.key} belongs to another delivery`);
    return { delivery, totals };
  }

  /** Inserts the rows of files; of a manifest that does not say what its images show, together with that. */
  private async insertFiles(
    manager: EntityManager,
    delivery: ManifestDelivery | undefined,
    files: MemberFileRow[],
    partKeys: ReadonlyMap<string, string>,
  ): Promise<void> {
    if (delivery?.version === 1) {
      const measured = new Map(
        delivery.report.facts.measurements.map(({ file, result }) => [file, result?.noise ?? []]),
      );
      const stored = files.map((file) => ({ ...file, partKey: partKeys.get(file.part) ?? '' }));
      const images = await readStoredImages(this.store, stored, (path) => measured.get(path) ?? []);
      files = files.map((file, index) => ({ ...file, image: images[index] ?? null }));
    }
    await this.deliveries.insertFiles(manager, files);
  }
}

function ousesOf(serves: readonly ServedOus[]): Uid[] {
  return serves.map(({ ous }) => ous);
}

interface Totals {
  parts: number;
  files: number;
  bytes: number;
}

function deliveryRow(delivery: ManifestDelivery, totals: Totals, state: DeliveryRow['state'], at: Date): DeliveryRow {
  const { id, project, ous, level, revision, outcome, report } = delivery;
  return {
    id,
    project,
    ous,
    level,
    revision,
    outcome,
    report,
    ...totals,
    mode: report.mode,
    state,
    catalogued_at: at,
    replaced_at: state === 'replaced' ? at : null,
    release_date: delivery.releaseDate,
  };
}
