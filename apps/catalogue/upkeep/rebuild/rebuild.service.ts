import { OBJECT_STORE, type ObjectStore } from '@almagest/object-store';
import { DomainError, type Logger, LOGGER } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import { DeliveriesRepository } from '../../record/deliveries.repository';
import { GroupReadinessService } from '../../record/group-readiness.service';
import { HierarchyRepository } from '../../record/hierarchy.repository';
import { ManifestError } from '../../record/manifest-reader';
import { RecordService } from '../../record/record.service';
import type { RunHold } from '../runs/run-hold';
import { UpkeepFindingRow, type UpkeepRunRow } from '../runs/upkeep-run.entity';
import { UpkeepRuns } from '../runs/upkeep-runs';
import { type FoundManifest, manifestGroups, surveyManifest } from './manifest-survey';
import { replayOrder, type ReplayedManifest } from './replay-order';
import { SilentOutbox } from './silent-outbox';

type Manifest = Awaited<ReturnType<typeof surveyManifest>> & ReplayedManifest & { key: string };

/**
 * Writes an empty catalogue anew from the manifests in the store alone: each delivery is recorded as if its decision
 * and its parts had just come, by the record service itself, and nobody is told. A group at a time, in the order in
 * which its deliveries were decided; a rebuild that is cut short goes on after the last group.
 */
@Injectable()
export class RebuildService {
  private readonly record: RecordService;

  constructor(
    private readonly dataSource: DataSource,
    private readonly runs: UpkeepRuns,
    private readonly deliveries: DeliveriesRepository,
    hierarchy: HierarchyRepository,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const silence = new SilentOutbox();
    const readiness = new GroupReadinessService(hierarchy, silence);
    this.record = new RecordService(hierarchy, deliveries, readiness, silence, store);
  }

  /** @throws DomainError `catalogue.not-empty` */
  async request(): Promise<UpkeepRunRow> {
    return this.runs.request('rebuild', { repair: false }, async (manager) => {
      if (!(await this.deliveries.any(manager))) return;
      throw new DomainError('conflict', 'catalogue.not-empty', 'Only a catalogue without deliveries can be rebuilt');
    });
  }

  /** One attempt. @throws what keeps the store or the database from being used; it is tried again */
  async run(id: string, signal: AbortSignal): Promise<void> {
    await this.runs.attempt('rebuild', id, async (hold) => {
      for await (const group of manifestGroups(this.store)) {
        const last = group.at(-1)?.object.key ?? '';
        if (last <= hold.doneTo) continue;
        await this.rebuildGroup(hold, group, last, signal);
      }
      this.logger.info({ rebuild: hold.id, ...hold.progress }, 'catalogue rebuilt');
    });
  }

  private async rebuildGroup(
    hold: RunHold<'rebuild'>,
    group: FoundManifest[],
    last: string,
    signal: AbortSignal,
  ): Promise<void> {
    const findings: { key: string; reason: string }[] = [];
    const usable: Manifest[] = [];
    for (const found of group) {
      signal.throwIfAborted();
      const { key } = found.object;
      await orFinding(key, findings, async () => {
        usable.push({ ...(await surveyManifest(this.store, found)), storedAt: found.object.modifiedAt, key });
      });
    }
    for (const manifest of replayOrder(usable)) {
      signal.throwIfAborted();
      await orFinding(manifest.key, findings, async () => {
        await this.dataSource.transaction((manager) => this.replay(manager, manifest));
        hold.progress.deliveries += 1;
      });
    }
    hold.progress.findingCount += findings.length;
    for (const finding of findings) this.logger.error(finding, 'manifest not used');
    await hold.save(last, (manager) => noteFindings(manager, hold.id, findings));
  }

  private async replay(manager: EntityManager, manifest: Manifest): Promise<void> {
    const { delivery, storedAt, key, size, sha256 } = manifest;
    if (await this.deliveries.exists(manager, delivery.id)) return;
    const { id: deliveryId, project, group, ous, level, revision } = delivery;
    await this.record.decided(manager, delivery, true, storedAt);
    const stored = { deliveryId, project, group: group.uid, ous, level, revision, manifest: { key, size, sha256 } };
    await this.record.stored(manager, stored, storedAt);
  }
}

/** Does the work; what is wrong with this one manifest becomes a finding, any other trouble ends the attempt. */
async function orFinding(
  key: string,
  findings: { key: string; reason: string }[],
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ManifestError) && !isRefusedContent(error)) throw error;
    findings.push({ key, reason: error.message });
  }
}

/** PostgreSQL's classes 22 and 23: the data itself cannot be stored, such as a file that is named twice. */
function isRefusedContent(error: unknown): error is QueryFailedError {
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
      ...{ upload_id: null, expected: null, found: reason, repair: null, last_good_at: null },
      remark: 'Its delivery is not in the catalogue. Restore the manifest from a copy, or post a new revision.',
      found_at: new Date(),
    })),
  );
}
