import type { DeliveryRow, Failure } from '@almagest/catalogue-db';
import { type DataOf, deliveryWithdrawn } from '@almagest/contracts';
import { Outbox } from '@almagest/messaging';
import { OBJECT_STORE, type ObjectStore } from '@almagest/object-store';
import type { Uid } from '@almagest/ous';
import { failpoint } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DeliveriesRepository } from './deliveries.repository';
import { HierarchyRepository } from './hierarchy.repository';
import { noteWithdrawal } from './withdrawal-note';

type Withdrawn = Pick<DeliveryRow, 'id' | 'project' | 'ous' | 'level' | 'revision'>;
type Was = DataOf<typeof deliveryWithdrawn>['was'];

/**
 * Takes deliveries back: a FAIL of a later revision withdraws every one below it, be it delivered or still on its way
 * (docs/adr/0030). All of it within the transaction of the caller, who holds the group.
 */
@Injectable()
export class WithdrawalService {
  constructor(
    private readonly hierarchy: HierarchyRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly outbox: Outbox,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  /** A FAIL was recorded. One below another that is known changes nothing. */
  async takeBack(manager: EntityManager, ous: Uid, failure: Failure, at: Date): Promise<void> {
    const unit = await this.hierarchy.find(manager, ous);
    if (unit.failed !== null && unit.failed.revision >= failure.revision) return;
    await this.hierarchy.update(manager, ous, { failed: failure });
    for (const delivery of await this.deliveries.servedBelow(manager, ous, failure.revision)) {
      const was = delivery.state === 'current' ? 'current' : 'replaced';
      await this.withdraw(manager, delivery, unit.group_uid, was, failure, at);
      if (unit.delivery_id === delivery.id) await this.hierarchy.update(manager, ous, { delivery_id: null });
    }
  }

  /** What the store keeps of it is written first: should the transaction die, it is written again as it stands. */
  async withdraw(
    manager: EntityManager,
    delivery: Withdrawn,
    group: Uid,
    was: Was,
    { reason, ...by }: Failure,
    at: Date,
  ): Promise<void> {
    const { id, project, ous, level, revision } = delivery;
    const { key, size, sha256, withdrawal } = await noteWithdrawal(this.store, {
      ...{ delivery: id, project, group, ous, revision },
      ...{ withdrawnAt: at.toISOString(), was, by, reason },
    });
    failpoint('catalogue.withdrawal-noted');
    const said = { was: withdrawal.was, by: withdrawal.by, reason: withdrawal.reason };
    const { withdrawnAt } = withdrawal;
    await this.deliveries.withdraw(manager, {
      ...{ delivery_id: id, object_key: key, size, sha256, withdrawn_at: new Date(withdrawnAt) },
      ...said,
    });
    const identity = { deliveryId: id, project, group, ous, level, revision };
    await this.outbox.add(
      manager,
      deliveryWithdrawn,
      { key: group, subject: ous },
      { ...identity, withdrawnAt, ...said },
    );
  }
}
