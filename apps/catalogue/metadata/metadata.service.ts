import type { ProjectMetadataRow } from '@almagest/catalogue-db';
import {
  differences,
  fingerprint,
  type ProjectMetadata,
  projectMetadataRecorded,
  publicMetadata,
} from '@almagest/contracts';
import { Outbox } from '@almagest/messaging';
import { DomainError, type Logger, LOGGER } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { MetadataRepository } from './metadata.repository';

type Sender = Pick<ProjectMetadataRow, 'source' | 'by'>;

/** Records each revision of the metadata of a project once, and announces the newest. */
@Injectable()
export class MetadataService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly metadata: MetadataRepository,
    private readonly outbox: Outbox,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Records a document that was put. The same content put again has no effect.
   * @throws DomainError `catalogue.metadata-conflict` for a recorded revision with other content;
   * `catalogue.metadata-superseded` for a revision below the newest
   */
  async put(project: string, document: ProjectMetadata, by: string): Promise<ProjectMetadataRow> {
    return this.dataSource.transaction(async (manager) => {
      await this.metadata.lock(manager, project);
      const { revision } = document;
      const recorded = await this.metadata.recorded(manager, project, revision);
      if (recorded !== null && recorded.fingerprint !== fingerprint(document)) {
        throw new DomainError(
          'conflict',
          'catalogue.metadata-conflict',
          `revision ${revision} of the metadata of ${project} is already recorded with other content; put a change as a new revision`,
          { differences: differences(recorded.content, document) },
        );
      }
      const current = await this.metadata.current(manager, project);
      if (recorded !== null && current !== null) return current;
      if (current !== null && current.revision > revision) {
        throw new DomainError(
          'conflict',
          'catalogue.metadata-superseded',
          `revision ${revision} of the metadata of ${project} is older than revision ${current.revision}, which is already recorded`,
        );
      }
      return this.record(manager, project, document, { source: 'request', by });
    });
  }

  /**
   * Records the document in a QA2 result, in the transaction that records the result. Results may arrive in any order, so a
   * revision below the newest is kept without becoming current. The result was accepted before, so other content under
   * a recorded revision is kept as refused.
   */
  async stated(manager: EntityManager, project: string, document: ProjectMetadata, result: string): Promise<void> {
    await this.metadata.lock(manager, project);
    const recorded = await this.metadata.recorded(manager, project, document.revision);
    const sender: Sender = { source: 'qa2-result', by: result };
    if (recorded === null) {
      await this.record(manager, project, document, sender);
    } else if (recorded.fingerprint !== fingerprint(document)) {
      this.logger.warn({ project, revision: document.revision, result }, 'metadata of a QA2 result refused');
      await this.metadata.insert(manager, rowOf(project, document, 'refused', sender));
    }
  }

  private async record(
    manager: EntityManager,
    project: string,
    document: ProjectMetadata,
    sender: Sender,
  ): Promise<ProjectMetadataRow> {
    const row = rowOf(project, document, 'recorded', sender);
    await this.metadata.insert(manager, row);
    const current = await this.metadata.current(manager, project);
    if (current === null) throw new Error(`the metadata of ${project} were not recorded`);
    if (current.revision === document.revision) {
      const recordedAt = row.recorded_at.toISOString();
      const about = { key: project, subject: project };
      const metadata = publicMetadata(document);
      await this.outbox.add(manager, projectMetadataRecorded, about, { project, metadata, recordedAt });
    }
    return current;
  }
}

function rowOf(
  project: string,
  content: ProjectMetadata,
  state: ProjectMetadataRow['state'],
  sender: Sender,
): Omit<ProjectMetadataRow, 'position'> {
  const { revision } = content;
  return { project, revision, state, content, fingerprint: fingerprint(content), ...sender, recorded_at: new Date() };
}
