import { randomUUID } from 'node:crypto';
import {
  type DataOf,
  differences,
  type deliveryCatalogued,
  type deliveryRejected,
  type deliveryStored,
  fingerprint,
  type deliveryWithdrawn,
  type mailSettled,
  ousOf,
  type Qa2Result,
  qa2ResultAccepted,
  type Qa2State,
} from '@almagest/contracts';
import { Outbox } from '@almagest/messaging';
import type { Uid } from '@almagest/ous';
import { DomainError, failpoint } from '@almagest/platform';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { IntakeConfig } from '../intake.config';
import type { Qa2ResultRow } from './qa2-result.entity';
import { Qa2ResultsRepository } from './qa2-results.repository';

/** How far each state is along the way; a result only moves forward. */
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

/** Records QA2 results once each and follows them to their end. */
@Injectable()
export class Qa2ResultsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly results: Qa2ResultsRepository,
    private readonly outbox: Outbox,
    private readonly policy: IntakeConfig,
  ) {}

  /**
   * Records a result and announces it, both or neither. The same content again is the same result.
   * @throws DomainError `intake.content-conflict` for other content under a known revision;
   * `intake.revision-superseded` for a revision below the newest; `intake.hierarchy-conflict` for a group or
   * ObsUnitSet that is known at another place
   */
  async submit(result: Qa2Result): Promise<{ id: string; isNew: boolean }> {
    return this.dataSource.transaction((manager) => this.submitIn(manager, result));
  }

  private async submitIn(manager: EntityManager, result: Qa2Result): Promise<{ id: string; isNew: boolean }> {
    const ous = ousOf(result);
    await this.results.lockOus(manager, ous);
    const recorded = await this.results.ofRevision(manager, ous, result.revision);
    if (recorded !== null) return { id: this.sameContent(recorded, result).id, isNew: false };
    const newest = await this.results.newestRevision(manager, ous);
    if (newest !== null && newest > result.revision) {
      throw new DomainError(
        'conflict',
        'intake.revision-superseded',
        `revision ${result.revision} of ${ous} comes after revision ${newest}, which is recorded already`,
      );
    }
    await this.mustFit(manager, result, ous);
    return { id: await this.record(manager, result), isNew: true };
  }

  /** A step of the way through that another service reports. Steps may come out of order; the state only advances. */
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

  /** A FAIL has taken a delivery back: both results tell of it. */
  async withdrawn(manager: EntityManager, event: DataOf<typeof deliveryWithdrawn>, at: Date): Promise<void> {
    await this.advance(manager, { state: 'withdrawn', event }, at);
    const failed = await this.results.lock(manager, event.by.result);
    if (failed === null) return;
    const detail = `revision ${event.revision} is withdrawn by it (${event.deliveryId})`;
    await this.results.addStep(manager, failed.id, 'recorded', at, detail);
  }

  private async mustFit(manager: EntityManager, result: Qa2Result, ous: Uid): Promise<void> {
    const other = await this.results.elsewhere(manager, result, ous);
    if (other === null) return;
    throw new DomainError(
      'conflict',
      'intake.hierarchy-conflict',
      `revision ${other.revision} of ${other.ous} is recorded below project ${other.project}, science goal ` +
        `${other.content.scienceGoal}, group ${other.group_uid}; this result puts them elsewhere`,
    );
  }

  private sameContent(recorded: Qa2ResultRow, posted: Qa2Result): Qa2ResultRow {
    if (recorded.fingerprint === fingerprint(posted)) return recorded;
    throw new DomainError(
      'conflict',
      'intake.content-conflict',
      `revision ${posted.revision} of ${recorded.ous} is recorded with other content; post a change as a new revision`,
      { differences: differences(recorded.content, posted) },
    );
  }

  private async record(manager: EntityManager, result: Qa2Result): Promise<string> {
    const id = randomUUID();
    const deliver = result.outcome === 'PASS' || (result.outcome === 'SEMIPASS' && this.policy.deliverSemipass);
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
    await this.results.insert(manager, row, new Date());
    await this.outbox.add(manager, qa2ResultAccepted, { key: result.group.uid, subject: ous }, { id, deliver, result });
    failpoint('intake.recorded-before-commit');
    return id;
  }
}

function whyWithdrawn({ by, reason }: DataOf<typeof deliveryWithdrawn>): string {
  return `revision ${by.revision} has QA2 outcome FAIL${reason === null ? '' : `: ${reason}`}`;
}
