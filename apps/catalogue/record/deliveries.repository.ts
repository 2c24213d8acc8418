import {
  DeliveryCombinesRow,
  DeliveryRow,
  DeliveryServesRow,
  ManifestRow,
  MemberFileRow,
  ObsUnitSetRow,
  PartRow,
  WithdrawalRow,
} from '@almagest/catalogue-db';
import type { Uid } from '@almagest/ous';
import { lockUntilCommit } from '@almagest/platform';
import { Injectable } from '@nestjs/common';
import { Column, Entity, type EntityManager, IsNull, Not, PrimaryColumn, type SelectQueryBuilder } from 'typeorm';

/**
 * A delivery that was rejected. Nothing is written to its folder any more, so objects in it are orphans. Without this
 * row, the delivery could still be on its way.
 */
@Entity({ name: 'rejected_delivery' })
export class RejectedDeliveryRow {
  @PrimaryColumn({ type: 'text', collation: 'C' })
  folder!: string;

  @Column('uuid')
  delivery_id!: string;
}

/** Selects the deliveries that serve an ObsUnitSet, as `delivery`, with their rows about it, as `served`. */
function serving(manager: EntityManager, ous: Uid): SelectQueryBuilder<DeliveryRow> {
  return manager
    .createQueryBuilder(DeliveryRow, 'delivery')
    .innerJoin(DeliveryServesRow, 'served', 'served.delivery_id = delivery.id')
    .where('served.ous = :ous', { ous });
}

/** Reads and writes deliveries with their parts and files. */
@Injectable()
export class DeliveriesRepository {
  /** Makes another transaction that records the same delivery wait until this one ends. */
  async lock(manager: EntityManager, id: string): Promise<void> {
    await lockUntilCommit(manager, [`almagest.catalogue.delivery.${id}`]);
  }

  async exists(manager: EntityManager, id: string): Promise<boolean> {
    return manager.existsBy(DeliveryRow, { id });
  }

  /** Returns whether the catalogue has any delivery. */
  async any(manager: EntityManager): Promise<boolean> {
    return manager.exists(DeliveryRow);
  }

  async insert(manager: EntityManager, delivery: DeliveryRow, serves: readonly Uid[]): Promise<void> {
    const { id: delivery_id, revision } = delivery;
    await manager.insert(DeliveryRow, delivery);
    await manager.insert(
      DeliveryServesRow,
      serves.map((ous) => ({ delivery_id, ous, revision })),
    );
  }

  async insertParts(manager: EntityManager, parts: PartRow[]): Promise<void> {
    await manager.insert(PartRow, parts);
  }

  async insertFiles(manager: EntityManager, files: MemberFileRow[]): Promise<void> {
    await manager.insert(MemberFileRow, files);
  }

  async insertManifest(manager: EntityManager, manifest: ManifestRow): Promise<void> {
    await manager.insert(ManifestRow, manifest);
  }

  async noteRejected(manager: EntityManager, row: RejectedDeliveryRow): Promise<void> {
    await manager.upsert(RejectedDeliveryRow, row, ['folder']);
  }

  /** Forgets the refusal of an earlier delivery because a new one will be stored in the same folder. */
  async forgetRejected(manager: EntityManager, folder: string, newId: string): Promise<void> {
    await manager.delete(RejectedDeliveryRow, { folder, delivery_id: Not(newId) });
  }

  /** Returns the current delivery of an ObsUnitSet, or null. */
  async current(manager: EntityManager, ous: Uid): Promise<DeliveryRow | null> {
    return serving(manager, ous).andWhere(`served.replaced_at IS NULL AND delivery.state <> 'withdrawn'`).getOne();
  }

  /** Returns the deliveries below a revision that are not withdrawn, oldest first. */
  async servedBelow(manager: EntityManager, ous: Uid, revision: number): Promise<DeliveryRow[]> {
    return serving(manager, ous)
      .andWhere(`served.revision < :revision AND delivery.state <> 'withdrawn'`, { revision })
      .orderBy('served.revision', 'ASC')
      .getMany();
  }

  /** Returns the newest delivery below a revision that was current when it was withdrawn. */
  async lastWithdrawnBelow(manager: EntityManager, ous: Uid, revision: number): Promise<DeliveryRow | null> {
    return serving(manager, ous)
      .innerJoin(WithdrawalRow, 'withdrawal', `withdrawal.delivery_id = delivery.id AND withdrawal.was = 'current'`)
      .andWhere('served.revision < :revision', { revision })
      .orderBy('served.revision', 'DESC')
      .getOne();
  }

  async withdraw(manager: EntityManager, withdrawal: WithdrawalRow): Promise<void> {
    await manager.update(DeliveryRow, { id: withdrawal.delivery_id }, { state: 'withdrawn' });
    await manager.insert(WithdrawalRow, withdrawal);
  }

  /** Returns the ObsUnitSets that a delivery serves, with their groups. */
  async servedBy(manager: EntityManager, id: string): Promise<{ ous: Uid; group: Uid }[]> {
    return manager
      .createQueryBuilder(DeliveryServesRow, 'served')
      .innerJoin(ObsUnitSetRow, 'unit', 'unit.uid = served.ous')
      .select('served.ous', 'ous')
      .addSelect('unit.group_uid', 'group')
      .where('served.delivery_id = :id', { id })
      .orderBy('served.ous')
      .getRawMany();
  }

  /** Records that a newer revision of an ObsUnitSet replaces what this delivery has of it. */
  async replace(manager: EntityManager, ous: Uid, id: string, at: Date): Promise<void> {
    await manager.update(DeliveryServesRow, { delivery_id: id, ous }, { replaced_at: at });
    const isServing = await manager.existsBy(DeliveryServesRow, { delivery_id: id, replaced_at: IsNull() });
    if (!isServing) await manager.update(DeliveryRow, { id }, { state: 'replaced', replaced_at: at });
  }

  async linkMembers(manager: EntityManager, deliveryId: string, members: ObsUnitSetRow[]): Promise<void> {
    await manager.insert(
      DeliveryCombinesRow,
      members.flatMap(({ uid, delivery_id, revision }) =>
        delivery_id === null || revision === null
          ? []
          : [{ delivery_id: deliveryId, member_uid: uid, member_delivery_id: delivery_id, member_revision: revision }],
      ),
    );
  }
}
