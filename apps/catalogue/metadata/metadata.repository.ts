import { currentMetadata, ProjectMetadataRow } from '@almagest/catalogue-db';
import { lockUntilCommit } from '@almagest/platform';
import { Injectable } from '@nestjs/common';
import { type EntityManager, LessThan } from 'typeorm';

/** Reads and writes the metadata of projects. */
@Injectable()
export class MetadataRepository {
  /** Makes another transaction that changes the metadata of the project wait until this one ends. */
  async lock(manager: EntityManager, project: string): Promise<void> {
    await lockUntilCommit(manager, [`almagest.catalogue.metadata.${project}`]);
  }

  async current(manager: EntityManager, project: string): Promise<ProjectMetadataRow | null> {
    return currentMetadata(manager, project);
  }

  async recorded(manager: EntityManager, project: string, revision: number): Promise<ProjectMetadataRow | null> {
    return manager.findOneBy(ProjectMetadataRow, { project, revision, state: 'recorded' });
  }

  /** Inserts a row unless the same content is there already. */
  async insert(manager: EntityManager, row: Omit<ProjectMetadataRow, 'position'>): Promise<void> {
    await manager.createQueryBuilder().insert().into(ProjectMetadataRow).values(row).orIgnore().execute();
  }

  /** Returns what was sent for a project before position `before`, newest first. */
  async history(
    manager: EntityManager,
    project: string,
    before: string | null,
    limit: number,
  ): Promise<ProjectMetadataRow[]> {
    return manager.find(ProjectMetadataRow, {
      where: { project, ...(before === null ? {} : { position: LessThan(before) }) },
      order: { position: 'DESC' },
      take: limit,
    });
  }
}
