import type { ManifestDelivery, Qa2Result } from '@almagest/contracts';
import { ExecutionBlockRow, GroupReadinessRow, ObsUnitSetRow } from '@almagest/catalogue-db';
import type { Uid } from '@almagest/ous';
import { lockUntilCommit } from '@almagest/platform';
import { Injectable } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';

/** A group and its members as a message names them. */
export interface Hierarchy {
  project: string;
  scienceGoal: Uid;
  group: Qa2Result['group'];
}

/** Reads and writes ObsUnitSets, their execution blocks and the readiness of groups. */
@Injectable()
export class HierarchyRepository {
  /** Makes every other change of these groups wait until the transaction ends. */
  async lockGroups(manager: EntityManager, groups: readonly Uid[]): Promise<void> {
    await lockUntilCommit(
      manager,
      groups.map((group) => `almagest.catalogue.${group}`),
    );
  }

  /** Adds or updates the ObsUnitSets of a group. The members of the group are those that the newest message lists. */
  async upsert(manager: EntityManager, { project, scienceGoal, group }: Hierarchy): Promise<void> {
    const common = { project, science_goal: scienceGoal, group_uid: group.uid };
    const members = group.members.map((member) => ({
      ...common,
      uid: member.uid,
      level: 'member' as const,
      listed: true,
      array: member.array,
      scheduling_block: member.schedulingBlock ?? null,
    }));
    await manager.update(ObsUnitSetRow, { group_uid: group.uid, level: 'member' }, { listed: false });
    await manager.upsert(
      ObsUnitSetRow,
      [
        { ...common, uid: group.uid, level: 'group' as const, listed: true, array: null, scheduling_block: null },
        ...members,
      ],
      ['uid'],
    );
  }

  async find(manager: EntityManager, uid: Uid): Promise<ObsUnitSetRow> {
    return manager.findOneByOrFail(ObsUnitSetRow, { uid });
  }

  async update(manager: EntityManager, uid: Uid, change: Partial<ObsUnitSetRow>): Promise<void> {
    await manager.update(ObsUnitSetRow, { uid }, change);
  }

  async listedMembers(manager: EntityManager, group: Uid): Promise<ObsUnitSetRow[]> {
    return manager.findBy(ObsUnitSetRow, { group_uid: group, level: 'member', listed: true });
  }

  async replaceExecutionBlocks(
    manager: EntityManager,
    member: Uid,
    blocks: ManifestDelivery['executionBlocks'],
  ): Promise<void> {
    await manager.delete(ExecutionBlockRow, { member_uid: member });
    await manager.insert(
      ExecutionBlockRow,
      blocks.map(({ uid, use, asdm, observation }) => ({
        member_uid: member,
        uid,
        use,
        asdm_size: asdm.size,
        asdm_location: asdm.location,
        observation: observation ?? null,
      })),
    );
  }

  /** Returns the readiness that is not withdrawn, or null. */
  async openReadiness(manager: EntityManager, group: Uid): Promise<GroupReadinessRow | null> {
    return manager.findOneBy(GroupReadinessRow, { group_uid: group, withdrawn_at: IsNull() });
  }

  async lastReadinessNumber(manager: EntityManager, group: Uid): Promise<number> {
    return (await manager.maximum(GroupReadinessRow, 'number', { group_uid: group })) ?? 0;
  }

  async addReadiness(
    manager: EntityManager,
    row: Pick<GroupReadinessRow, 'group_uid' | 'number' | 'members' | 'since'>,
  ): Promise<void> {
    await manager.insert(GroupReadinessRow, row);
  }

  async withdrawReadiness(manager: EntityManager, group: Uid, number: number, reason: string, at: Date): Promise<void> {
    await manager.update(
      GroupReadinessRow,
      { group_uid: group, number },
      { withdrawn_at: at, withdrawn_reason: reason },
    );
  }
}
