import {
  type DataOf,
  type deliveryCatalogued,
  deliveryFolder,
  type ManifestDelivery,
  type ManifestFile,
  manifestKey,
  type projectMetadataRecorded,
  type PublicMetadata,
} from '@almagest/contracts';
import { ManifestError, manifestLines, OBJECT_STORE, type ObjectStore } from '@almagest/object-store';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { coverageRows } from '../coverage/coverage-rows';
import { CoverageRepository } from '../coverage/coverage.repository';
import { type BlockRow, ContentRepository, type FileRow, type ShownOus } from './content.repository';
import { type Image, observationRows, scienceImage } from './observations';
import { projectRow } from './project-facts';

/** Rows inserted by one statement. */
const BATCH = 500;

type Catalogued = DataOf<typeof deliveryCatalogued>;
/** A delivery that queries are to see. */
export type CurrentDelivery = Pick<Catalogued, 'deliveryId' | 'project' | 'group' | 'ous' | 'revision'>;

/**
 * Fills the tables that queries read. Each ObsUnitSet is replaced as a whole, in the transaction of the event: a query
 * sees one revision or the other, never both and never half of one. Events of an older revision change nothing, so the
 * order in which events and a rebuild arrive does not matter.
 */
@Injectable()
export class ContentService {
  constructor(
    private readonly repository: ContentRepository,
    private readonly coverage: CoverageRepository,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  /**
   * Shows a delivery instead of the revision before it.
   * @throws ManifestError when its manifest is damaged or belongs to another delivery
   */
  async catalogued(manager: EntityManager, delivery: CurrentDelivery): Promise<void> {
    await this.repository.lock(manager, delivery.project);
    const shown = await this.repository.find(manager, delivery.ous);
    if (shown !== null && shown.revision >= delivery.revision) return;
    await this.load(manager, delivery);
    await this.repository.addChange(manager, shown?.delivery_id == null ? 'added' : 'replaced', delivery);
  }

  /** Shows a delivery that is shown already as it is in the store now, or one that is not shown yet. */
  async reload(manager: EntityManager, delivery: CurrentDelivery): Promise<void> {
    await this.repository.lock(manager, delivery.project);
    const shown = await this.repository.find(manager, delivery.ous);
    if (shown?.delivery_id === delivery.deliveryId) await this.load(manager, delivery);
    else await this.catalogued(manager, delivery);
  }

  /** Shows nothing of a withdrawn delivery any more, nor of an older one that arrives later. */
  async withdrawn(
    manager: EntityManager,
    { deliveryId, project, ous, revision }: Pick<ShownOus, 'project' | 'ous' | 'revision'> & { deliveryId: string },
  ): Promise<void> {
    await this.repository.lock(manager, project);
    const shown = await this.repository.find(manager, ous);
    if (shown !== null && shown.revision > revision) return;
    await this.repository.note(manager, { ous, project, revision, delivery_id: null });
    if (shown?.delivery_id !== deliveryId) return;
    await this.repository.clear(manager, ous);
    await this.coverage.replace(manager, ous, []);
    await this.repository.addChange(manager, 'withdrawn', { ous, project, revision });
  }

  /** Shows the metadata of a project instead of the revision before. */
  async described(
    manager: EntityManager,
    { project, metadata }: Pick<DataOf<typeof projectMetadataRecorded>, 'project' | 'metadata'>,
  ): Promise<void> {
    await this.repository.lock(manager, project);
    const known = await this.repository.metadata(manager, project);
    if (known !== null && known.revision >= metadata.revision) return;
    await this.repository.replaceProject(manager, project, projectRow(metadata));
    for (const ous of await this.repository.shownOf(manager, project)) {
      await this.repository.applyBlocks(manager, ous, metadata);
    }
  }

  /** Returns what queries see of the ObsUnitSets after uid `after`, in byte order of their uids. */
  async shown(manager: EntityManager, after: string, limit: number): Promise<ShownOus[]> {
    return this.repository.shownAfter(manager, after, limit);
  }

  private async load(manager: EntityManager, current: CurrentDelivery): Promise<void> {
    const { ous, project, revision, deliveryId } = current;
    await this.repository.clear(manager, ous);
    const { delivery, images, bytes } = await this.readManifest(manager, current);
    const modified = new Date().toISOString();
    const rows = observationRows(delivery, images, bytes).map((row) => ({ ...row, lastmodified: modified }));
    for (let at = 0; at < rows.length; at += BATCH) {
      await this.repository.addObservations(manager, rows.slice(at, at + BATCH));
    }
    await this.coverage.replace(manager, ous, coverageRows(rows, current));
    await this.addBlocks(manager, delivery, await this.repository.metadata(manager, project));
    await this.repository.note(manager, { ous, project, revision, delivery_id: deliveryId });
  }

  /** Inserts the files on the way. */
  private async readManifest(
    manager: EntityManager,
    current: CurrentDelivery,
  ): Promise<{ delivery: ManifestDelivery; images: Image[]; bytes: number }> {
    const key = manifestKey(deliveryFolder(current));
    let delivery: ManifestDelivery | undefined;
    let part = '';
    let bytes = 0;
    let files: FileRow[] = [];
    const images: Image[] = [];
    for await (const line of manifestLines(this.store, key)) {
      if (line.kind === 'delivery') {
        if (line.id !== current.deliveryId) throw new ManifestError(`${key} belongs to another delivery`);
        delivery = line;
      } else if (line.kind === 'part') {
        part = line.name;
        bytes += line.size;
      } else if (delivery !== undefined) {
        const image = scienceImage(line);
        if (image !== null) images.push(image);
        files.push(fileRow(delivery, part, line));
        if (files.length < BATCH) continue;
        await this.repository.addFiles(manager, files);
        files = [];
      }
    }
    await this.repository.addFiles(manager, files);
    if (delivery === undefined) throw new ManifestError(`${key} has no delivery line`);
    return { delivery, images, bytes };
  }

  private async addBlocks(
    manager: EntityManager,
    { ous, project, level, group, executionBlocks }: ManifestDelivery,
    metadata: PublicMetadata | null,
  ): Promise<void> {
    if (level === 'group') return;
    const blocks = executionBlocks.map(({ uid, use, asdm, observation = {} }): BlockRow => ({
      member_ous_uid: ous,
      asdm_uid: uid,
      proposal_id: project,
      used: use === 'used' ? 'T' : 'F',
      asdm_size: asdm.size,
      stated: observation,
    }));
    await this.repository.addBlocks(manager, blocks);
    await this.repository.addMous(manager, {
      ous,
      schedblock_name: group.members.find(({ uid }) => uid === ous)?.schedulingBlock?.name ?? null,
      asdm_uid: blocks.find(({ used }) => used === 'T')?.asdm_uid ?? null,
    });
    await this.repository.applyBlocks(manager, ous, metadata);
  }
}

function fileRow(
  { ous, project, level, group, releaseDate }: ManifestDelivery,
  part: string,
  { path, role, size, sha256 }: ManifestFile,
): FileRow {
  return {
    ous,
    path,
    member_ous_uid: level === 'member' ? ous : null,
    group_ous_uid: group.uid,
    proposal_id: project,
    part,
    role,
    file_size: size,
    sha256,
    release_date: releaseDate,
  };
}
