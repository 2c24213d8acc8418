import { deliveryFolder } from '@almagest/contracts';
import { fromFileForm, isProjectCode, OusError, type Uid } from '@almagest/ous';

/** What the place of an object says: which delivery it is of. */
export interface DeliveryPlace {
  /** `<project>/<group>/<ous>/r<revision>` */
  folder: string;
  project: string;
  group: Uid;
  ous: Uid;
  revision: number;
  /** Of the object in its folder. */
  name: string;
}

const REVISION = /^r([1-9]\d{0,6})$/;

/** Reads a key as ingest makes them; null for one that it never makes. */
export function placeOf(key: string): DeliveryPlace | null {
  const [project = '', groupForm = '', ousForm = '', revisionForm = '', name, ...rest] = key.split('/');
  const revision = Number(REVISION.exec(revisionForm)?.[1]);
  const [group, ous] = [uidOf(groupForm), uidOf(ousForm)];
  if (!isProjectCode(project) || group === null || ous === null || Number.isNaN(revision)) return null;
  if (name === undefined || rest.length > 0) return null;
  return { folder: deliveryFolder({ project, group, ous, revision }), project, group, ous, revision, name };
}

function uidOf(form: string): Uid | null {
  try {
    return fromFileForm(form);
  } catch (error) {
    if (error instanceof OusError) return null;
    throw error;
  }
}
