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

type Withdrawn = Pick<DeliveryRow, 'id' | 'project' | 'ous' | 'level' | 'revision'>;
type Was = DataOf<typeof deliveryWithdrawn>['was'];

/** A note has a few lines; the archive did not write anything longer. */
const MAX_NOTE_BYTES = 16_384;

const NOTE = 'QA2 withdrew this delivery. The archive keeps it but no longer serves it; do not remove this file.';

/**
 * Withdraws deliveries: a FAIL of a later revision withdraws every one below it, whether it is delivered or still on its
 * way (docs/adr/0030).
 *
 * Read the notes before you lock the group and pass them to the methods that write (`record.service.ts` explains why).
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

  /** Reads the notes of the deliveries that this FAIL withdraws. */
  async readNotes(manager: EntityManager, group: Uid, ous: Uid, failure: Failure): Promise<StoredNote[]> {
    const notes: StoredNote[] = [];
    for (const { project, revision } of await this.deliveries.servedBelow(manager, ous, failure.revision)) {
      const note = await this.readNote({ project, group, ous, revision });
      if (note !== null) notes.push(note);
    }
    return notes;
  }

  /**
   * Records a FAIL and withdraws the deliveries below it. Does nothing when a FAIL of the same or a higher revision is
   * recorded. The caller holds the group's lock.
   */
  async fail(
    manager: EntityManager,
    ous: Uid,
    failure: Failure,
    notes: readonly StoredNote[],
    at: Date,
  ): Promise<void> {
    const unit = await this.hierarchy.find(manager, ous);
    if (unit.failed !== null && unit.failed.revision >= failure.revision) return;
    await this.hierarchy.update(manager, ous, { failed: failure });
    for (const delivery of await this.deliveries.servedBelow(manager, ous, failure.revision)) {
      const was = delivery.state === 'current' ? 'current' : 'replaced';
      await this.withdraw(manager, delivery, unit.group_uid, was, failure, notes, at);
      if (unit.delivery_id === delivery.id) await this.hierarchy.update(manager, ous, { delivery_id: null });
    }
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
      { deliveryId: id, project, group, ous, level, revision, withdrawnAt: withdrawal.withdrawnAt, ...facts },
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
