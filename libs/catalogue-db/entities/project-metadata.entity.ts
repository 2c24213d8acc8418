import type { ProjectMetadata } from '@almagest/contracts';
import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** A document with the metadata of a project. The one of the highest recorded revision is current. */
@Entity({ name: 'project_metadata' })
@Unique('project_metadata_content', ['project', 'revision', 'fingerprint'])
@Index('project_metadata_recorded', ['project', 'revision'], { unique: true, where: `state = 'recorded'` })
export class ProjectMetadataRow {
  /** Order of arrival, newest last. */
  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  position!: string;

  @Column('text')
  project!: string;

  @Column('int')
  revision!: number;

  /** `refused`: a QA2 result stated other content under a recorded revision. */
  @Column('text')
  state!: 'recorded' | 'refused';

  @Column('jsonb')
  content!: ProjectMetadata;

  /** SHA-256 of the content: recognises a document that is sent again. */
  @Column('text')
  fingerprint!: string;

  @Column('text')
  source!: 'request' | 'qa2-result';

  /** Who sent it: the caller, or the id of the QA2 result. */
  @Column('text')
  by!: string;

  @Column('timestamptz')
  recorded_at!: Date;
}
