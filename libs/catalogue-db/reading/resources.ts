import type { Delivery, DeliverySummary, GroupOus, MemberFile, MemberOus } from '@almagest/contracts';
import { compareUids, groupCompositionRemarks } from '@almagest/ous';
import type {
  DeliveryCombinesRow,
  DeliveryRow,
  DeliveryServesRow,
  MemberFileRow,
  PartRow,
  WithdrawalRow,
} from '../entities/delivery.entity';
import type { ExecutionBlockRow, GroupReadinessRow, ObsUnitSetRow } from '../entities/obs-unit-set.entity';

/** Returns a delivery as lists show it. */
export function deliverySummary(
  row: DeliveryRow,
  serves: readonly DeliveryServesRow[],
  withdrawal: WithdrawalRow | null,
): DeliverySummary {
  const { id, project, ous, level, revision, state, outcome, mode, parts, files, bytes } = row;
  return {
    id,
    project,
    ous,
    alsoServes: serves.flatMap((served) => (served.ous === ous ? [] : [served.ous])).sort(compareUids),
    level,
    revision,
    state,
    outcome,
    mode,
    parts,
    files,
    bytes,
    cataloguedAt: row.catalogued_at.toISOString(),
    replacedAt: row.replaced_at?.toISOString() ?? null,
    withdrawn: withdrawal && { at: withdrawal.withdrawn_at.toISOString(), revision: withdrawal.by.revision },
    releaseDate: row.release_date,
  };
}

/** Returns a delivery with its parts and the deliveries that it combines. */
export function deliveryResource(
  row: DeliveryRow,
  serves: readonly DeliveryServesRow[],
  parts: PartRow[],
  combines: DeliveryCombinesRow[],
  withdrawal: WithdrawalRow | null,
): Delivery {
  return {
    ...deliverySummary(row, serves, withdrawal),
    combines: combines.map((member) => ({
      ous: member.member_uid,
      delivery: member.member_delivery_id,
      revision: member.member_revision,
    })),
    partList: parts.map(({ name, size, sha256 }) => ({
      name,
      size,
      sha256,
      url: `/deliveries/${row.id}/parts/${name}`,
    })),
  };
}

/** Returns a file of a delivery with its URL. */
export function memberFileResource(row: MemberFileRow): MemberFile {
  const { path, part, offset, size, sha256, item, role, image } = row;
  const url = `/deliveries/${row.delivery_id}/files/${path.split('/').map(encodeURIComponent).join('/')}`;
  return { path, part, offset, size, sha256, item, role, url, image };
}

export function memberResource(row: ObsUnitSetRow, blocks: ExecutionBlockRow[]): MemberOus {
  return {
    level: 'member',
    ...common(row),
    group: row.group_uid,
    array: row.array ?? '12m',
    schedulingBlock: row.scheduling_block,
    executionBlocks: blocks.map(({ uid, use, asdm_size, observation }) => ({ uid, use, size: asdm_size, observation })),
  };
}

export function groupResource(row: ObsUnitSetRow, members: MemberOus[], readiness: GroupReadinessRow[]): GroupOus {
  return {
    level: 'group',
    ...common(row),
    ready: readiness.some((time) => time.withdrawn_at === null),
    remarks: groupCompositionRemarks(members),
    readiness: readiness.map((time) => ({
      number: time.number,
      since: time.since.toISOString(),
      members: time.members,
      withdrawn:
        time.withdrawn_at === null
          ? null
          : { at: time.withdrawn_at.toISOString(), reason: time.withdrawn_reason ?? '' },
    })),
    members,
  };
}

function common(row: ObsUnitSetRow): Omit<GroupOus, 'level' | 'ready' | 'remarks' | 'readiness' | 'members'> {
  return {
    uid: row.uid,
    project: row.project,
    scienceGoal: row.science_goal,
    revision: row.revision,
    state: row.state,
    outcome: row.outcome,
    delivery: row.delivery_id,
  };
}
