import type { DeliveryRow, Failure, MemberFileRow, ObsUnitSetRow, OusState, PartRow } from '@almagest/catalogue-db';
import {
  type DataOf,
  deliveryCatalogued,
  deliveryFolder,
  type deliveryRejected,
  type deliveryStored,
  type ManifestDelivery,
  ousOf,
  type Qa2Outcome,
  type qa2ResultAccepted,
  storeFolder,
} from '@almagest/contracts';
import { Outbox } from '@almagest/messaging';
import { OBJECT_STORE, type ObjectStore } from '@almagest/object-store';
import type { Uid } from '@almagest/ous';
import { failpoint } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DeliveriesRepository } from './deliveries.repository';
import { GroupReadinessService } from './group-readiness.service';
import { type Hierarchy, HierarchyRepository } from './hierarchy.repository';
import { ManifestError, readManifest } from './manifest-reader';
import { type StoredNote, WithdrawalService } from './withdrawal.service';

/** Rows inserted by one statement. */
const BATCH = 500;

/** What QA2 decided for one ObsUnitSet. */
export interface Decision extends Hierarchy {
  ous: Uid;
  revision: number;
  outcome: Qa2Outcome;
}

/** A delivery whose parts and manifest are in the object store. */
export type StoredDelivery = Omit<DataOf<typeof deliveryStored>, 'report'>;

/** A stored delivery whose parts and files are in the database, in the transaction that read its manifest. */
export interface LoadedDelivery {
  event: StoredDelivery;
  delivery: ManifestDelivery;
  totals: Totals;
  note: StoredNote | null;
}

/**
 * Records what QA2 decided for each ObsUnitSet and what was delivered.
 *
 * Every method runs in one transaction. It reads the object store before it locks the group, so a slow store delays one
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
    const decision = { ...result, ous: ousOf(result) };
    const { outcome, revision, decidedAt, reason = null } = result;
    const failure = outcome === 'FAIL' ? { result: id, revision, decidedAt, reason } : null;
    await this.decided(manager, decision, deliver, new Date(), failure);
    if (deliver) await this.deliveries.forgetRejected(manager, storeFolder(result), id);
  }

  /** Moves an ObsUnitSet to the state that QA2 decided; a FAIL withdraws the deliveries below its revision. */
  async decided(
    manager: EntityManager,
    decision: Decision,
    deliver: boolean,
    at: Date,
    failure: Failure | null = null,
  ): Promise<void> {
    const { project, group, ous, revision, outcome } = decision;
    const notes = failure === null ? [] : await this.withdrawals.readNotes(manager, group.uid, ous, failure);
    await this.hierarchy.lockGroup(manager, group.uid);
    await this.hierarchy.upsert(manager, decision);
    await this.move(manager, ous, { revision, state: deliver ? 'accepted' : 'not-delivered', outcome });
    if (failure !== null) await this.withdrawals.fail(manager, ous, failure, notes, at);
    await this.readiness.settle(manager, project, group.uid, at);
  }

  /** Records that the delivery standard rejected a delivery; readers keep the revision before it, if there is one. */
  async rejected(manager: EntityManager, event: DataOf<typeof deliveryRejected>): Promise<void> {
    await this.hierarchy.lockGroup(manager, event.group);
    await this.move(manager, event.ous, { revision: event.revision, state: 'rejected' });
    await this.deliveries.noteRejected(manager, { delivery_id: event.deliveryId, folder: deliveryFolder(event) });
    await this.readiness.settle(manager, event.project, event.group, new Date());
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
    return { event, delivery, totals, note: await this.withdrawals.readNote(event) };
  }

  /**
   * Makes a loaded delivery visible and replaces the revision before it. A delivery below a FAIL is recorded as
   * withdrawn and never visible.
   */
  async catalogue(manager: EntityManager, loaded: LoadedDelivery, at: Date): Promise<void> {
    const { event, delivery, totals, note } = loaded;
    await this.hierarchy.lockGroup(manager, event.group);
    await this.hierarchy.upsert(manager, delivery);
    const { failed } = await this.hierarchy.find(manager, delivery.ous);
    if (failed !== null && failed.revision > delivery.revision) {
      await this.deliveries.insert(manager, deliveryRow(delivery, totals, 'withdrawn', at));
      const notes = note === null ? [] : [note];
      await this.withdrawals.withdraw(manager, delivery, event.group, 'unseen', failed, notes, at);
    } else {
      await this.show(manager, event, delivery, totals, at);
    }
    await this.readiness.settle(manager, event.project, event.group, at);
    failpoint('catalogue.written-before-commit');
  }

  private async show(
    manager: EntityManager,
    event: StoredDelivery,
    delivery: ManifestDelivery,
    totals: Totals,
    at: Date,
  ): Promise<void> {
    const { deliveryId, project, group, ous, level, revision } = event;
    const before =
      (await this.deliveries.current(manager, ous)) ??
      (await this.deliveries.lastWithdrawnBelow(manager, ous, revision));
    const superseded = before !== null && before.revision > revision;
    await this.deliveries.insert(manager, deliveryRow(delivery, totals, superseded ? 'replaced' : 'current', at));
    if (!superseded) await this.makeCurrent(manager, delivery, at);
    await this.outbox.add(
      manager,
      deliveryCatalogued,
      { key: group, subject: ous },
      {
        deliveryId,
        project,
        group,
        ous,
        level,
        revision,
        replaces: superseded ? null : (before?.id ?? null),
        supersededBy: superseded ? before.id : null,
      },
    );
  }

  private async makeCurrent(manager: EntityManager, delivery: ManifestDelivery, at: Date): Promise<void> {
    await this.deliveries.replaceOthers(manager, delivery.ous, delivery.id, at);
    await this.move(manager, delivery.ous, {
      revision: delivery.revision,
      state: 'delivered',
      outcome: delivery.outcome,
    });
    await this.hierarchy.update(manager, delivery.ous, { delivery_id: delivery.id });
    if (delivery.level === 'member') {
      await this.hierarchy.replaceExecutionBlocks(manager, delivery.ous, delivery.executionBlocks);
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
        totals.files += 1;
        if (files.length === BATCH) {
          await this.deliveries.insertFiles(manager, files);
          files = [];
        }
      }
    }
    if (files.length > 0) await this.deliveries.insertFiles(manager, files);
    const { key, size, sha256 } = event.manifest;
    await this.deliveries.insertManifest(manager, { delivery_id: event.deliveryId, object_key: key, size, sha256 });
    if (delivery?.id !== event.deliveryId) throw new ManifestError(`${event.manifest.key} belongs to another delivery`);
    return { delivery, totals };
  }
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
