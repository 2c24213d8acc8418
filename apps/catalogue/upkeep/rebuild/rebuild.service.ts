import { catalogueRebuilt, servedBy, type Withdrawal } from '@almagest/contracts';
import { Outbox } from '@almagest/messaging';
import { ManifestError, OBJECT_STORE, type ObjectStore } from '@almagest/object-store';
import { DomainError, type Logger, LOGGER } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import { DeliveriesRepository } from '../../record/deliveries.repository';
import { GroupReadinessService } from '../../record/group-readiness.service';
import { HierarchyRepository } from '../../record/hierarchy.repository';
import { type Decision, RecordService } from '../../record/record.service';
import { type OusFailure, WithdrawalService } from '../../record/withdrawal.service';
import { UpkeepFindingRow, type UpkeepRunRow } from '../runs/upkeep-run.entity';
import { type RunAttempt, UpkeepRuns } from '../runs/upkeep-runs';
import {
  type FoundManifest,
  manifestGroups,
  type SurveyedDelivery,
  surveyManifest,
  surveyWithdrawal,
} from './manifest-survey';
import { replayOrder, type ReplayedManifest } from './replay-order';

type Manifest = Awaited<ReturnType<typeof surveyManifest>> & ReplayedManifest & { key: string };

/** Publishes nothing: the events of a rebuilt delivery were published when they happened. */
class NullOutbox extends Outbox {
  constructor() {
    super('catalogue');
  }

  override async add(): Promise<void> {
    // Drops the event.
  }
}

/** A FAIL that withdrew deliveries, according to the notes beside their manifests. */
interface ReplayedFailure extends ReplayedManifest {
  /** The key of one of the manifests. */
  key: string;
  failure: OusFailure;
  decision: Decision;
}

/**
 * Rebuilds an empty catalogue from the manifests in the object store alone. The record service records each delivery as if
 * its decision and its parts had just arrived, but no event about it is published. A rebuild handles one group at a time, in
 * the order in which its deliveries were decided; an interrupted rebuild resumes after the last complete group. One event
 * says in the end that the catalogue was rebuilt.
 */
@Injectable()
export class RebuildService {
  private readonly record: RecordService;

  constructor(
    private readonly dataSource: DataSource,
    private readonly runs: UpkeepRuns,
    private readonly deliveries: DeliveriesRepository,
    hierarchy: HierarchyRepository,
    private readonly outbox: Outbox,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const none = new NullOutbox();
    const readiness = new GroupReadinessService(hierarchy, none);
    const withdrawals = new WithdrawalService(hierarchy, deliveries, none, store);
    this.record = new RecordService(hierarchy, deliveries, readiness, withdrawals, none, store);
  }

  /** @throws DomainError `catalogue.not-empty` */
  async request(): Promise<UpkeepRunRow> {
    return this.runs.request('rebuild', { repair: false }, async (manager) => {
      if (!(await this.deliveries.any(manager))) return;
      throw new DomainError('conflict', 'catalogue.not-empty', 'Only a catalogue without deliveries can be rebuilt');
    });
  }

  /** Makes one attempt. @throws when the store or the database is unavailable; the job is retried */
  async run(id: string, signal: AbortSignal): Promise<void> {
    await this.runs.attempt('rebuild', id, async (attempt) => {
      for await (const group of manifestGroups(this.store)) {
        const last = group.at(-1)?.object.key ?? '';
        if (last <= attempt.doneTo) continue;
        await this.rebuildGroup(attempt, group, last, signal);
      }
      // Published again if the attempt then fails: what reads it begins another rebuild at most.
      await this.dataSource.transaction((manager) =>
        this.outbox.add(manager, catalogueRebuilt, { key: attempt.id, subject: attempt.id }, { rebuild: attempt.id }),
      );
      this.logger.info({ rebuild: attempt.id, ...attempt.progress }, 'catalogue rebuilt');
    });
  }

  private async rebuildGroup(
    attempt: RunAttempt<'rebuild'>,
    group: FoundManifest[],
    last: string,
    signal: AbortSignal,
  ): Promise<void> {
    const findings: { key: string; reason: string }[] = [];
    const usable: Manifest[] = [];
    const failures = new Map<string, ReplayedFailure>();
    for (const found of group) {
      signal.throwIfAborted();
      const { key } = found.object;
      await orFinding(key, findings, async () => {
        const survey = await surveyManifest(this.store, found);
        const withdrawal = await surveyWithdrawal(this.store, found, survey.delivery);
        usable.push({ ...survey, storedAt: found.object.modifiedAt, key });
        if (withdrawal !== null) failures.set(withdrawal.by.result, failureOf(key, withdrawal, survey.delivery));
      });
    }
    for (const item of replayOrder<Manifest | ReplayedFailure>([...usable, ...failures.values()])) {
      signal.throwIfAborted();
      await orFinding(item.key, findings, async () => {
        await this.dataSource.transaction((manager) => this.replay(manager, item));
        if (!('failure' in item)) attempt.progress.deliveries += 1;
      });
    }
    attempt.progress.findingCount += findings.length;
    for (const finding of findings) this.logger.error(finding, 'manifest unusable');
    await attempt.save(last, (manager) => noteFindings(manager, attempt.id, findings));
  }

  private async replay(manager: EntityManager, item: Manifest | ReplayedFailure): Promise<void> {
    if ('failure' in item) return this.record.decided(manager, item.decision, false, item.storedAt, item.failure);
    const { delivery, storedAt, key, size, sha256 } = item;
    const { id: deliveryId, project, group, ous, level, revision } = delivery;
    const stored = { deliveryId, project, group: group.uid, ous, level, revision, manifest: { key, size, sha256 } };
    const loaded = await this.record.load(manager, stored);
    if (loaded === null) return;
    const decision = { project, serves: loaded.serves, revision, outcome: delivery.outcome };
    await this.record.decided(manager, decision, true, storedAt);
    await this.record.catalogue(manager, loaded, storedAt);
  }
}

function failureOf(key: string, { by, reason, withdrawnAt }: Withdrawal, delivery: SurveyedDelivery): ReplayedFailure {
  const { ous = delivery.ous, revision, decidedAt } = by;
  const serves = servedBy(delivery, delivery.ous).filter((served) => served.ous === ous);
  return {
    key,
    delivery: { ous, revision, decidedAt },
    storedAt: new Date(withdrawnAt),
    failure: { ...by, ous, reason },
    decision: { project: delivery.project, serves, revision, outcome: 'FAIL' },
  };
}

/** Runs `work`. A fault of this manifest becomes a finding; any other error ends the attempt. */
async function orFinding(
  key: string,
  findings: { key: string; reason: string }[],
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ManifestError) && !isInvalidData(error)) throw error;
    findings.push({ key, reason: error.message });
  }
}

/** PostgreSQL's error classes 22 and 23: the data itself is invalid, for example a file listed twice. */
function isInvalidData(error: unknown): error is QueryFailedError {
  if (!(error instanceof QueryFailedError)) return false;
  const { code } = error.driverError as { code?: string };
  return code !== undefined && /^2[23]/.test(code);
}

async function noteFindings(
  manager: EntityManager,
  runId: string,
  findings: readonly { key: string; reason: string }[],
): Promise<void> {
  if (findings.length === 0) return;
  await manager.insert(
    UpkeepFindingRow,
    findings.map(({ key, reason }) => ({
      run_id: runId,
      kind: 'manifest-unusable' as const,
      object_key: key,
      upload_id: null,
      expected: null,
      found: reason,
      repair: null,
      last_good_at: null,
      remark: 'Its delivery is not in the catalogue. Copy the manifest back from a backup, or post a new revision.',
      found_at: new Date(),
    })),
  );
}
