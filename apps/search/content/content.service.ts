import { CatalogueReader, type ReleaseDates } from '@almagest/catalogue-db';
import type { DataOf, deliveryCatalogued, deliveryWithdrawn, MemberOus, PublicMetadata } from '@almagest/contracts';
import type { Uid } from '@almagest/ous';
import { failpoint } from '@almagest/platform';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { coverageRows } from '../coverage/coverage-rows';
import { CoverageRepository } from '../coverage/coverage.repository';
import { type BlockRow, type Change, ContentRepository, type ShownOus } from './content.repository';
import { type Delivered, type Image, observationRows, scienceImage } from './observations';
import { observedBlock, observedOus, projectRow } from './project-facts';

/** Rows inserted by one statement. */
const BATCH = 500;

type Catalogued = Pick<DataOf<typeof deliveryCatalogued>, 'deliveryId' | 'project' | 'revision'>;
type Withdrawn = Pick<
  DataOf<typeof deliveryWithdrawn>,
  'deliveryId' | 'project' | 'revision' | 'ous' | 'alsoServes' | 'was'
>;

/**
 * Fills the tables that queries read. Each ObsUnitSet is replaced as a whole, in the transaction of the event and together
 * with the others that the delivery serves: a query sees one revision or the other, never both and never half of one.
 * Events of an older revision change nothing, so the order in which events and a rebuild arrive does not matter.
 *
 * Every method locks the project before it reads the catalogue: what the catalogue commits later has an event of its own,
 * which waits for the lock.
 */
@Injectable()
export class ContentService {
  constructor(
    private readonly repository: ContentRepository,
    private readonly coverage: CoverageRepository,
    private readonly catalogue: CatalogueReader,
  ) {}

  /** Shows a delivery, instead of the revision before it, for each ObsUnitSet for which it was current. */
  async catalogued(manager: EntityManager, { deliveryId, project, revision }: Catalogued): Promise<void> {
    await this.repository.lock(manager, project);
    const dates = await this.catalogue.releaseDates(deliveryId);
    const changes: Change[] = [];
    for (const ous of await this.catalogue.servedWhenCatalogued(deliveryId)) {
      const shown = await this.repository.find(manager, ous);
      if (shown !== null && shown.revision >= revision) continue;
      changes.push(await this.show(manager, shown, { ous, project, revision, delivery_id: deliveryId }, dates));
    }
    await this.settle(manager, dates, changes);
  }

  /**
   * Shows nothing of a withdrawn delivery any more, nor of an older one that arrives later. One that was never seen does
   * not matter: the catalogue serves the one before it.
   */
  async withdrawn(manager: EntityManager, event: Withdrawn): Promise<void> {
    const { deliveryId, project, revision, was } = event;
    await this.repository.lock(manager, project);
    const changes: Change[] = [];
    for (const { ous } of was === 'unseen' ? [] : [event, ...event.alsoServes]) {
      const shown = await this.repository.find(manager, ous);
      if (shown !== null && shown.revision > revision) continue;
      changes.push(...(await this.hide(manager, shown)));
      await this.repository.note(manager, { ous, project, revision, delivery_id: null }, null);
    }
    await this.settle(manager, await this.catalogue.releaseDates(deliveryId), changes);
  }

  /** Shows the metadata of a project instead of the revision before. */
  async described(
    manager: EntityManager,
    { project, metadata }: { project: string; metadata: PublicMetadata },
  ): Promise<void> {
    await this.repository.lock(manager, project);
    const known = await this.repository.metadataRevision(manager, project);
    if (known !== null && known >= metadata.revision) return;
    await this.repository.replaceProject(manager, project, projectRow(metadata));
    for (const { ous } of await this.repository.shownOf(manager, project)) {
      const unit = await this.catalogue.ous(ous as Uid);
      if (unit?.level === 'member') await this.showBlocks(manager, unit);
    }
  }

  /**
   * Shows of an ObsUnitSet what the catalogue has now, whatever was shown before.
   * @returns what queries see of it; null: nothing
   */
  async reload(manager: EntityManager, { ous, project }: Pick<ShownOus, 'ous' | 'project'>): Promise<ShownOus | null> {
    await this.repository.lock(manager, project);
    const shown = await this.repository.find(manager, ous);
    const current = await this.catalogue.currentDelivery(ous as Uid);
    if (current === null) {
      const changes = await this.hide(manager, shown);
      if (shown !== null) await this.repository.note(manager, { ...shown, delivery_id: null }, null);
      await this.repository.addChanges(manager, changes);
      return null;
    }
    const metadata = await this.catalogue.metadata(project);
    if (metadata !== null) await this.repository.replaceProject(manager, project, projectRow(metadata));
    const dates = await this.catalogue.releaseDates(current);
    if (shown?.delivery_id === current) {
      await this.load(manager, ous, current, dates);
      await this.settle(manager, dates, []);
      return shown;
    }
    const { revision = 0 } = (await this.catalogue.deliveryRow(current)) ?? {};
    const now = { ous, project, revision, delivery_id: current };
    await this.settle(manager, dates, [await this.show(manager, shown, now, dates)]);
    return now;
  }

  /** Returns what queries see of the ObsUnitSets after uid `after`, in byte order of their uids. */
  async shown(manager: EntityManager, after: string, limit: number): Promise<ShownOus[]> {
    return this.repository.shownAfter(manager, after, limit);
  }

  private async show(
    manager: EntityManager,
    shown: ShownOus | null,
    now: ShownOus & { delivery_id: string },
    dates: ReleaseDates,
  ): Promise<Change> {
    await this.load(manager, now.ous, now.delivery_id, dates);
    await this.repository.note(manager, now, dates.get(now.delivery_id) ?? null);
    return { kind: shown?.delivery_id == null ? 'added' : 'replaced', ...now };
  }

  private async hide(manager: EntityManager, shown: ShownOus | null): Promise<Change[]> {
    if (shown?.delivery_id == null) return [];
    await this.repository.clear(manager, shown.ous);
    await this.coverage.replace(manager, shown.ous, []);
    return [{ kind: 'withdrawn', ...shown, delivery_id: shown.delivery_id }];
  }

  /** Applies the release dates that a delivery changes, and records the changes last. */
  private async settle(manager: EntityManager, dates: ReleaseDates, changes: readonly Change[]): Promise<void> {
    for (const [delivery, date] of dates) await this.repository.setReleaseDate(manager, delivery, date);
    await this.repository.addChanges(manager, changes);
    failpoint('search.changed-before-commit');
  }

  private async load(manager: EntityManager, ous: string, deliveryId: string, dates: ReleaseDates): Promise<void> {
    const [unit, delivery] = await Promise.all([
      this.catalogue.ous(ous as Uid),
      this.catalogue.deliveryRow(deliveryId),
    ]);
    if (unit === null || delivery === null) throw new Error(`the catalogue has no delivery ${deliveryId} of ${ous}`);
    const { project, level, outcome, bytes } = delivery;
    const group = unit.level === 'member' ? unit.group : unit.uid;
    const releaseDate = dates.get(deliveryId) ?? null;
    const delivered = { project, ous, level, group, outcome, releaseDate, bytes };
    await this.repository.clear(manager, ous);
    const images = await this.loadFiles(manager, deliveryId, delivered);
    const lastmodified = new Date().toISOString();
    const rows = observationRows(delivered, images).map((row) => ({ ...row, lastmodified }));
    for (let at = 0; at < rows.length; at += BATCH) {
      await this.repository.addObservations(manager, rows.slice(at, at + BATCH));
    }
    await this.coverage.replace(manager, ous, coverageRows(rows, delivered));
    if (unit.level === 'group') return;
    await this.repository.addMous(manager, {
      ous,
      schedblock_name: unit.schedulingBlock?.name ?? null,
      asdm_uid: unit.executionBlocks.find(({ use }) => use === 'used')?.uid ?? null,
    });
    await this.showBlocks(manager, unit);
  }

  /** Inserts the files of a delivery, and returns its science images. */
  private async loadFiles(manager: EntityManager, deliveryId: string, delivered: Delivered): Promise<Image[]> {
    const { ous, level, group, project, releaseDate } = delivered;
    const common = {
      ous,
      member_ous_uid: level === 'member' ? ous : null,
      group_ous_uid: group,
      proposal_id: project,
      release_date: releaseDate,
    };
    const images: Image[] = [];
    for (let after: string | null = null; ;) {
      const files = await this.catalogue.files(deliveryId, { after, limit: BATCH });
      for (const file of files) {
        const image = scienceImage(file);
        if (image !== null) images.push(image);
      }
      await this.repository.addFiles(
        manager,
        files.map(({ path, part, role, size, sha256 }) => ({ ...common, path, part, role, file_size: size, sha256 })),
      );
      after = files.at(-1)?.path ?? null;
      if (files.length < BATCH) return images;
    }
  }

  private async showBlocks(manager: EntityManager, { uid, project, executionBlocks }: MemberOus): Promise<void> {
    const blocks = executionBlocks.map((block): BlockRow => ({
      member_ous_uid: uid,
      asdm_uid: block.uid,
      proposal_id: project,
      used: block.use === 'used' ? 'T' : 'F',
      asdm_size: block.size,
      ...observedBlock(block.observation ?? {}),
    }));
    await this.repository.replaceBlocks(manager, uid, blocks, observedOus(blocks.filter(({ used }) => used === 'T')));
  }
}
