import type { Caller } from '@almagest/access';
import type { ProjectMetadataRow } from '@almagest/catalogue-db';
import { type MetadataHistoryEntry, publicMetadata, type RecordedMetadata } from '@almagest/contracts';

/** Operators, and those who may read the data of the project, always see the names of its PI and co-investigators. */
export function maySeeNames(caller: Caller | null, project: string): boolean {
  return caller !== null && (caller.scopes.includes('archive:operate') || caller.projects.includes(project));
}

/**
 * Returns a document as a caller may see it. Others see names only if the document and the current one both allow it, so
 * that a new revision also hides the names in older ones.
 */
export function recordedMetadata(
  { project, content, source, recorded_at }: ProjectMetadataRow,
  current: ProjectMetadataRow,
  seesNames: boolean,
): RecordedMetadata {
  const namesShown = seesNames || (content.showNames && current.content.showNames);
  return {
    project,
    recordedAt: recorded_at.toISOString(),
    source,
    namesShown,
    metadata: publicMetadata({ ...content, showNames: namesShown }),
  };
}

export function historyEntry(
  row: ProjectMetadataRow,
  current: ProjectMetadataRow,
  seesNames: boolean,
): MetadataHistoryEntry {
  const state = row.state === 'refused' ? 'refused' : row.revision === current.revision ? 'current' : 'replaced';
  return { ...recordedMetadata(row, current, seesNames), state, by: row.by };
}
