import type { Observation } from '@almagest/contracts';
import type { EntityManager } from 'typeorm';
import { ProjectMetadataRow } from '../entities/project-metadata.entity';

/** Returns the current metadata of a project, or null. */
export async function currentMetadata(manager: EntityManager, project: string): Promise<ProjectMetadataRow | null> {
  return manager.findOne(ProjectMetadataRow, { where: { project, state: 'recorded' }, order: { revision: 'DESC' } });
}

/** Returns what the current metadata of a project state about its execution blocks, by uid. */
export async function statedObservations(
  manager: EntityManager,
  project: string,
): Promise<ReadonlyMap<string, Observation>> {
  const blocks = (await currentMetadata(manager, project))?.content.executionBlocks ?? [];
  return new Map(blocks.map(({ uid, ...observation }) => [uid, observation]));
}

/**
 * Returns how an execution block was observed: each value as the metadata of its project state it, else as its QA2 result
 * does; null when neither states anything.
 */
export function mergedObservation(
  ofResult: Observation | null,
  ofMetadata: Observation | undefined,
): Observation | null {
  return ofMetadata === undefined ? ofResult : { ...ofResult, ...ofMetadata };
}
