import { isProjectCode, toFileForm, type Uid, uidIn } from '@almagest/ous';
import { ousOf, type Qa2Result } from './qa2-result';

/**
 * The layout of the object store. Each delivery has a folder, `<project>/<group>/<ous>/r<revision>`, so that people can
 * find it without the archive. The folder holds the parts, the manifest and, once QA2 has withdrawn the delivery, the
 * withdrawal note.
 */

/** Which delivery a folder belongs to. */
export interface DeliveryIdentity {
  project: string;
  group: Uid;
  ous: Uid;
  revision: number;
}

/** The parts of an object's key. */
export interface ParsedStoreKey extends DeliveryIdentity {
  folder: string;
  /** The object's name in the folder. */
  name: string;
}

/** The manifest of a delivery: JSON Lines, see `manifestLineSchema`. */
export const MANIFEST_NAME = 'manifest.jsonl';

/** The withdrawal note of a delivery: JSON, see `withdrawalSchema`. */
export const WITHDRAWAL_NAME = 'withdrawn.json';

const REVISION = /^r([1-9]\d{0,6})$/;

export function deliveryFolder({ project, group, ous, revision }: DeliveryIdentity): string {
  return [project, toFileForm(group), toFileForm(ous), `r${revision}`].join('/');
}

/** The folder of the delivery that a QA2 result announces. */
export function storeFolder(result: Qa2Result): string {
  const { project, group, revision } = result;
  return deliveryFolder({ project, group: group.uid, ous: ousOf(result), revision });
}

export function partKey(folder: string, name: string): string {
  return `${folder}/${name}`;
}

export function manifestKey(folder: string): string {
  return `${folder}/${MANIFEST_NAME}`;
}

export function withdrawalKey(folder: string): string {
  return `${folder}/${WITHDRAWAL_NAME}`;
}

/** The folder of the objects of search, beside those of the projects: its jobs delete them, no upkeep run does. */
const SEARCH_JOBS = 'search/jobs';
const SEARCH_JOB_KEY = /^search\/jobs\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/[^/]+$/;

/** The prefix of every object that a job of search keeps. */
export const SEARCH_JOBS_PREFIX = `${SEARCH_JOBS}/`;

/** The folder of an asynchronous query: its result, and the tables that its user uploaded. */
export function searchJobFolder(id: string): string {
  return `${SEARCH_JOBS}/${id}`;
}

/** Returns the id of the job that an object belongs to; null for a key that no job makes. */
export function searchJobOf(key: string): string | null {
  return SEARCH_JOB_KEY.exec(key)?.[1] ?? null;
}

/** Parses a key of a delivery that the functions above make; returns null for any other key. */
export function parseStoreKey(key: string): ParsedStoreKey | null {
  const [project = '', groupForm = '', ousForm = '', revisionForm = '', name, ...rest] = key.split('/');
  const revision = Number(REVISION.exec(revisionForm)?.[1]);
  const [group, ous] = [uidIn(groupForm), uidIn(ousForm)];
  if (!isProjectCode(project) || group === null || ous === null || Number.isNaN(revision)) return null;
  if (name === undefined || rest.length > 0) return null;
  return { folder: deliveryFolder({ project, group, ous, revision }), project, group, ous, revision, name };
}
