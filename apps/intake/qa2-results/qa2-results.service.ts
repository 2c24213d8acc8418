import { randomUUID } from 'node:crypto';
import {
  type DataOf,
  failedRevision,
  differences,
  type deliveryCatalogued,
  type deliveryRejected,
  type deliveryStored,
  fingerprint,
  type Json,
  type deliveryWithdrawn,
  type mailSettled,
  ousOf,
  type Qa2Result,
  qa2ResultAccepted,
  type Qa2State,
  type ServedOus,
  servedBy,
  type Violation,
} from '@almagest/contracts';
import { Outbox } from '@almagest/messaging';
import { DomainError, failpoint } from '@almagest/platform';
import { type AllowedSources, refusalOf } from '@almagest/sources';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Qa2ResultRow } from './qa2-result.entity';
import { Qa2ResultsRepository } from './qa2-results.repository';

/** The policy of this archive towards QA2 results. */
export class IntakeConfig {
  constructor(
    readonly deliverSemipass: boolean,
    /** Where ingest may read from; nothing is refused when all its lists are empty. */
    readonly allowedSources: AllowedSources,
  ) {}
}

/** The order of the states; a result only moves to a higher one. */
const RANK: Record<Qa2State, number> = {
  recorded: 0,
  accepted: 0,
  stored: 1,
  rejected: 1,
  catalogued: 2,
  superseded: 3,
  notified: 3,
  'mail-failed': 3,
  withdrawn: 4,
};

/** Records each QA2 result once and follows its progress. */
@Injectable()
export class Qa2ResultsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly results: Qa2ResultsRepository,
    private readonly outbox: Outbox,
    private readonly policy: IntakeConfig,
  ) {}

  /**
   * Records a result and announces it in one transaction. The same content posted again is the same result.
   * @throws DomainError `intake.content-conflict` for a recorded revision with other content;
   * `intake.revision-superseded` for a revision below the newest; `intake.hierarchy-conflict` for a group or
   * ObsUnitSet that is recorded at another place in the hierarchy; `intake.source-not-allowed` for a delivery at a
   * location that the configuration does not allow: once that is changed, the same revision can be posted again
   */
  async submit(result: Qa2Result): Promise<{ id: string; isNew: boolean }> {
    const refusals = this.isDelivered(result) ? await this.refusedLocations(result) : [];
    return this.dataSource.transaction((manager) => this.submitIn(manager, result, refusals));
  }

  private async submitIn(
    manager: EntityManager,
    result: Qa2Result,
    refusals: Violation[],
  ): Promise<{ id: string; isNew: boolean }> {
    const serves = servedBy(result, ousOf(result));
    await this.results.lockOuses(
      manager,
      serves.map(({ ous }) => ous),
    );
    for (const { ous } of serves) {
      const recorded = await this.results.ofRevision(manager, ous, result.revision);
      if (recorded !== null) return { id: this.assertSameContent(recorded, result, ous).id, isNew: false };
      const newest = await this.results.newestRevision(manager, ous);
      if (newest !== null && newest > result.revision) {
        throw new DomainError(
          'conflict',
          'intake.revision-superseded',
          `revision ${result.revision} of ${ous} is older than revision ${newest}, which is already recorded`,
        );
      }
    }
    for (const [index, served] of serves.entries()) await this.assertFits(manager, result, served, index);
    if (refusals.length > 0) {
      throw new DomainError(
        'invalid',
        'intake.source-not-allowed',
        `the configuration of this archive does not allow ${refusals.length === 1 ? 'a location' : `${refusals.length} locations`} of the delivery`,
        { violations: refusals },
      );
    }
    return { id: await this.record(manager, result, serves), isNew: true };
  }

  /** Records a step that another service reports. Steps may arrive out of order; the state only moves forward. */
  async advance(
    manager: EntityManager,
    step:
      | { state: 'stored'; event: DataOf<typeof deliveryStored> }
      | { state: 'rejected'; event: DataOf<typeof deliveryRejected> }
      | { state: 'catalogued' | 'superseded'; event: DataOf<typeof deliveryCatalogued> }
      | { state: 'notified' | 'mail-failed'; event: DataOf<typeof mailSettled> }
      | { state: 'withdrawn'; event: DataOf<typeof deliveryWithdrawn> },
    at: Date,
  ): Promise<void> {
    const row = await this.results.lock(manager, step.event.deliveryId);
    if (row === null) return;
    const report = step.state === 'stored' || step.state === 'rejected' ? step.event.report : row.report;
    const state = RANK[step.state] > RANK[row.state] ? step.state : row.state;
    await this.results.update(manager, row.id, { state, report });
    const detail = step.state === 'withdrawn' ? whyWithdrawn(step.event) : null;
    await this.results.addStep(manager, row.id, step.state, at, detail);
  }

  /** Records that a FAIL withdrew a delivery, in the history of both results. */
  async withdrawn(manager: EntityManager, event: DataOf<typeof deliveryWithdrawn>, at: Date): Promise<void> {
    await this.advance(manager, { state: 'withdrawn', event }, at);
    const failed = await this.results.lock(manager, event.by.result);
    if (failed === null) return;
    const detail = `it withdraws revision ${event.revision} (${event.deliveryId})`;
    await this.results.addStep(manager, failed.id, 'recorded', at, detail);
  }

  /** Returns the locations of the delivery that the configuration does not allow, and which ones it does. */
  private async refusedLocations({ parts = [], tree }: Qa2Result): Promise<Violation[]> {
    const { allowedSources } = this.policy;
    if (Object.values(allowedSources).every((list: readonly string[]) => list.length === 0)) return [];
    const located = parts.map(({ location }, index) => ({ pointer: `/parts/${index}/location`, location }));
    if (tree !== undefined) located.push({ pointer: '/tree/location', location: tree.location });
    const refusals: Violation[] = [];
    for (const { pointer, location } of located) {
      const message = await refusalOf(location, allowedSources);
      if (message !== null) refusals.push({ pointer, message });
    }
    return refusals;
  }

  private isDelivered({ outcome }: Qa2Result): boolean {
    return outcome === 'PASS' || (outcome === 'SEMIPASS' && this.policy.deliverSemipass);
  }

  /** @param index of the ObsUnitSet among those that the result serves */
  private async assertFits(manager: EntityManager, result: Qa2Result, unit: ServedOus, index: number): Promise<void> {
    const other = await this.results.conflicting(manager, result, unit);
    if (other === null) return;
    const { row, served } = other;
    const recorded = placeOf(row, { scienceGoal: served.science_goal, group: { uid: served.group_uid } }, index);
    const posted = placeOf(result, { scienceGoal: unit.scienceGoal, group: { uid: unit.group.uid } }, index);
    throw new DomainError(
      'conflict',
      'intake.hierarchy-conflict',
      `revision ${row.revision} of ${served.ous} is recorded under project ${row.project}, science goal ` +
        `${served.science_goal}, group ${served.group_uid}; this result contradicts that`,
      { differences: differences(recorded, posted) },
    );
  }

  private assertSameContent(recorded: Qa2ResultRow, posted: Qa2Result, ous: string): Qa2ResultRow {
    if (recorded.fingerprint === fingerprint(posted)) return recorded;
    throw new DomainError(
      'conflict',
      'intake.content-conflict',
      `revision ${posted.revision} of ${ous} is already recorded with other content; post a change as a new revision`,
      { differences: differences(recorded.content, posted) },
    );
  }

  private async record(manager: EntityManager, result: Qa2Result, serves: readonly ServedOus[]): Promise<string> {
    const id = randomUUID();
    const deliver = this.isDelivered(result);
    const ous = ousOf(result);
    const row = {
      id,
      project: result.project,
      group_uid: result.group.uid,
      ous,
      level: result.level,
      revision: result.revision,
      outcome: result.outcome,
      content: result,
      fingerprint: fingerprint(result),
      state: deliver ? ('accepted' as const) : ('recorded' as const),
      report: null,
    };
    await this.results.insert(manager, row, serves, new Date());
    await this.outbox.add(manager, qa2ResultAccepted, { key: result.group.uid, subject: ous }, { id, deliver, result });
    failpoint('intake.recorded-before-commit');
    return id;
  }
}

/**
 * The place of an ObsUnitSet in the hierarchy, with the names that its fields have in the message.
 * @param index of the ObsUnitSet among those that the result serves; 0 is the one that it is about
 */
function placeOf(
  { project, level }: Pick<Qa2Result, 'project' | 'level'>,
  place: { scienceGoal: string; group: { uid: string } },
  index: number,
): Json {
  return index === 0 ? { project, ...place, level } : { project, level, alsoServes: { [index - 1]: place } };
}

function whyWithdrawn({ ous, by, reason }: DataOf<typeof deliveryWithdrawn>): string {
  return `${failedRevision(by, ous)} has QA2 outcome FAIL${reason === null ? '' : `: ${reason}`}`;
}
