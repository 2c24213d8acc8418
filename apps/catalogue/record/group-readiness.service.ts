import type { ObsUnitSetRow } from '@almagest/catalogue-db';
import { groupReadinessWithdrawn, groupReadyForCombination } from '@almagest/contracts';
import { Outbox } from '@almagest/messaging';
import { compareUids, type Uid } from '@almagest/ous';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { HierarchyRepository } from './hierarchy.repository';

/**
 * Decides when a group can be combined: it has more than one member, and all have passed QA2 and are delivered (§2). Each
 * time the group becomes ready, it gets a new readiness. A member that fails later or gets a new revision ends the
 * readiness.
 */
@Injectable()
export class GroupReadinessService {
  constructor(
    private readonly hierarchy: HierarchyRepository,
    private readonly outbox: Outbox,
  ) {}

  /** Updates the readiness of a group, in the transaction that changed one of its members. */
  async settle(manager: EntityManager, project: string, group: Uid, at: Date): Promise<void> {
    const members = (await this.hierarchy.listedMembers(manager, group)).sort((a, b) => compareUids(a.uid, b.uid));
    const open = await this.hierarchy.openReadiness(manager, group);
    const revisions = members.map(({ uid, revision }) => ({ uid, revision: revision ?? 0 }));
    const ready = members.length > 1 && members.every(hasPassed);
    const unchanged = open !== null && ready && sameRevisions(open.members, revisions);
    const about = { key: group, subject: group };
    if (open !== null && !unchanged) {
      const reason = whyWithdrawn(members, open.members);
      await this.hierarchy.withdrawReadiness(manager, group, open.number, reason, at);
      await this.outbox.add(manager, groupReadinessWithdrawn, about, {
        project,
        group,
        readiness: open.number,
        reason,
      });
    }
    if (ready && !unchanged) {
      const number = (await this.hierarchy.lastReadinessNumber(manager, group)) + 1;
      await this.hierarchy.addReadiness(manager, { group_uid: group, number, members: revisions, since: at });
      await this.outbox.add(manager, groupReadyForCombination, about, {
        project,
        group,
        readiness: number,
        members: revisions,
      });
    }
  }
}

function hasPassed(member: ObsUnitSetRow): boolean {
  return member.state === 'delivered' && member.outcome === 'PASS';
}

function sameRevisions(left: { uid: Uid; revision: number }[], right: { uid: Uid; revision: number }[]): boolean {
  return (
    left.length === right.length &&
    left.every((member, index) => member.uid === right[index]?.uid && member.revision === right[index].revision)
  );
}

function whyWithdrawn(members: ObsUnitSetRow[], before: { uid: Uid; revision: number }[]): string {
  const known = new Map(before.map((member) => [member.uid, member.revision]));
  const changed = members.find((member) => !hasPassed(member) || known.get(member.uid) !== member.revision);
  if (changed === undefined) return 'the group has fewer members than before';
  if (!known.has(changed.uid)) return `the group has a new member, ${changed.uid}`;
  const state: Record<ObsUnitSetRow['state'], string> = {
    awaited: 'is awaited',
    accepted: 'is on its way',
    rejected: 'was rejected by the delivery standard',
    'not-delivered': `has QA2 outcome ${changed.outcome ?? 'unknown'} and is not delivered`,
    delivered:
      changed.outcome === 'PASS' ? 'replaces the previous one' : `has QA2 outcome ${changed.outcome ?? 'unknown'}`,
  };
  return `revision ${changed.revision ?? '?'} of ${changed.uid} ${state[changed.state]}`;
}
