import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { DeliveryRow, Failure } from '@almagest/catalogue-db';
import {
  type DataOf,
  deliveryFolder,
  type DeliveryIdentity,
  deliveryWithdrawn,
  parseJson,
  type Withdrawal,
  withdrawalKey,
  withdrawalSchema,
} from '@almagest/contracts';
import { Outbox } from '@almagest/messaging';
import { OBJECT_STORE, type ObjectStore } from '@almagest/object-store';
import type { Uid } from '@almagest/ous';
import { failpoint } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DeliveriesRepository } from './deliveries.repository';
import { HierarchyRepository } from './hierarchy.repository';

/** A withdrawal note in the object store. */
export interface StoredNote {
  key: string;
  size: number;
  sha256: string;
  withdrawal: Withdrawal;
}

/** A FAIL, with the ObsUnitSet that failed. */
export type OusFailure = Failure & { ous: Uid };

type Withdrawn = Pick<DeliveryRow, 'id' | 'project' | 'ous' | 'level' | 'revision'>;
type Was = DataOf<typeof deliveryWithdrawn>['was'];

/** A note has a few lines; the archive did not write anything longer. */
const MAX_NOTE_BYTES = 16_384;

const NOTE = 'QA2 withdrew this delivery. The archive keeps it but no longer serves it; do not remove this file.';

/**
 * Withdraws deliveries: a FAIL of a later revision withdraws every one below it, whether it is delivered or still on its
 * way (docs/adr/0030). One that serves several MemberOUSs is withdrawn from all of them (docs/adr/0041).
 *
 * Read the notes before you lock the groups and pass them to the methods that write (`record.service.ts` explains why).
 * A note exists before its delivery is withdrawn in two cases: a transaction died after it wrote the note, or the
 * catalogue is rebuilt or its events are replayed. A note of the same FAIL is kept, so that the time of the withdrawal
 * stays the first one.
 */
@Injectable()
export class WithdrawalService {
  constructor(
    private readonly hierarchy: HierarchyRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly outbox: Outbox,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  /** Reads the note of a delivery from the object store; null when there is none or it is malformed. */
  async readNote(delivery: DeliveryIdentity): Promise<StoredNote | null> {
    return readWithdrawal(this.store, withdrawalKey(deliveryFolder(delivery)));
  }

  /** Reads the notes of the deliveries that this FAIL withdraws, and the groups that they serve. */
  async readBelow(
    manager: EntityManager,
    { ous: failed, revision: below }: OusFailure,
  ): Promise<{ notes: StoredNote[]; groups: Uid[] }> {
    const notes: StoredNote[] = [];
    const groups: Uid[] = [];
    for (const { id, project, ous, revision } of await this.deliveries.servedBelow(manager, failed, below)) {
      const serves = await this.deliveries.servedBy(manager, id);
      groups.push(...serves.map(({ group }) => group));
      const note = await this.readNote({ project, group: groupOf(serves, ous), ous, revision });
      if (note !== null) notes.push(note);
    }
    return { notes, groups };
  }

  /**
   * Records a FAIL and withdraws the deliveries below it. Does nothing when a FAIL of the same or a higher revision is
   * recorded. The caller holds the locks of the groups that `readBelow` found. A delivery that was catalogued since may
   * serve another group: its lock is taken out of order here, and PostgreSQL ends one of two transactions that then wait
   * for each other; its message is retried.
   * @returns the groups that lose a delivery
   */
  async fail(manager: EntityManager, failure: OusFailure, notes: readonly StoredNote[], at: Date): Promise<Uid[]> {
    const { ous, revision } = failure;
    const { failed } = await this.hierarchy.find(manager, ous);
    if (failed !== null && failed.revision >= revision) return [];
    await this.hierarchy.update(manager, ous, { failed: failure });
    const groups: Uid[] = [];
    for (const delivery of await this.deliveries.servedBelow(manager, ous, revision)) {
      const serves = await this.deliveries.servedBy(manager, delivery.id);
      await this.hierarchy.lockGroups(
        manager,
        serves.map(({ group }) => group),
      );
      const was = delivery.state === 'current' ? 'current' : 'replaced';
      await this.withdraw(manager, delivery, groupOf(serves, delivery.ous), was, failure, notes, at);
      for (const served of serves) await this.undeliver(manager, served.ous, delivery.id);
      groups.push(...serves.map(({ group }) => group));
    }
    return groups;
  }

  /** Takes a withdrawn delivery from an ObsUnitSet, if it is the current one. */
  private async undeliver(manager: EntityManager, ous: Uid, delivery: string): Promise<void> {
    const unit = await this.hierarchy.find(manager, ous);
    if (unit.delivery_id !== delivery) return;
    const state = unit.state === 'delivered' ? 'not-delivered' : unit.state;
    await this.hierarchy.update(manager, ous, { delivery_id: null, state });
  }

  /**
   * Withdraws one delivery. The note is written to the object store first: if the transaction then dies, the next
   * attempt finds the note. The caller holds the group's lock.
   */
  async withdraw(
    manager: EntityManager,
    delivery: Withdrawn,
    group: Uid,
    was: Was,
    { reason, ...by }: Failure,
    notes: readonly StoredNote[],
    at: Date,
  ): Promise<void> {
    const { id, project, ous, level, revision } = delivery;
    const known = notes.find(({ withdrawal }) => withdrawal.delivery === id && withdrawal.by.result === by.result);
    const withdrawnAt = at.toISOString();
    const note =
      known ?? (await this.writeNote({ delivery: id, project, group, ous, revision, withdrawnAt, was, by, reason }));
    failpoint('catalogue.withdrawal-noted');
    const { key, size, sha256, withdrawal } = note;
    const facts = { was: withdrawal.was, by: withdrawal.by, reason: withdrawal.reason };
    const serves = await this.deliveries.servedBy(manager, id);
    const alsoServes = serves.filter((served) => served.ous !== ous);
    await this.deliveries.withdraw(manager, {
      delivery_id: id,
      object_key: key,
      size,
      sha256,
      withdrawn_at: new Date(withdrawal.withdrawnAt),
      ...facts,
    });
    await this.outbox.add(
      manager,
      deliveryWithdrawn,
      { key: group, subject: ous },
      {
        deliveryId: id,
        project,
        group,
        ous,
        alsoServes,
        level,
        revision,
        withdrawnAt: withdrawal.withdrawnAt,
        ...facts,
      },
    );
  }

  private async writeNote(facts: Omit<Withdrawal, 'note' | 'version'>): Promise<StoredNote> {
    const key = withdrawalKey(deliveryFolder(facts));
    const withdrawal: Withdrawal = { note: NOTE, version: 1, ...facts };
    const bytes = Buffer.from(`${JSON.stringify(withdrawal, null, 2)}\n`);
    await this.store.put(key, bytes);
    return noteOf(key, bytes, withdrawal);
  }
}

function groupOf(serves: readonly { ous: Uid; group: Uid }[], ous: Uid): Uid {
  const served = serves.find((each) => each.ous === ous);
  if (served === undefined) throw new Error(`the delivery does not serve ${ous}, which it is named after`);
  return served.group;
}

/** Reads the note under a key; null when there is none or it is malformed. */
export async function readWithdrawal(store: ObjectStore, key: string): Promise<StoredNote | null> {
  const info = await store.head(key);
  if (info === null || info.size > MAX_NOTE_BYTES) return null;
  const content = await text(await store.read(key));
  const parsed = withdrawalSchema.safeParse(parseJson(content));
  return parsed.success ? noteOf(key, Buffer.from(content), parsed.data) : null;
}

function noteOf(key: string, bytes: Buffer, withdrawal: Withdrawal): StoredNote {
  return { key, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), withdrawal };
}
