import { manifestKey } from '@almagest/contracts';
import type { ObjectStore } from '@almagest/object-store';
import { ManifestError, manifestLines } from '../../record/manifest-reader';
import { headAll } from './head-all';
import type { Standing } from './settled-places';

/** The manifest that lies in a folder whose delivery is not catalogued. */
export interface LyingManifest {
  modifiedAt: Date;
  /** In a refused delivery's folder: the delivery it is of; null when that cannot be read. */
  owner: string | null;
}

/** By folder, the manifests that lie in these places. A manifest is written last: with it, a delivery is whole. */
export async function manifestsIn(
  store: ObjectStore,
  standings: readonly Standing[],
): Promise<Map<string, LyingManifest>> {
  const folders = new Map<string, { refused: boolean }>();
  for (const standing of standings) {
    if (standing.standing === 'foreign' || standing.standing === 'catalogued') continue;
    folders.set(standing.place.folder, { refused: standing.standing === 'refused' });
  }
  const keys = [...folders.keys()].map(manifestKey);
  const infos = await headAll(store, keys);
  const manifests = new Map<string, LyingManifest>();
  for (const [index, [folder, { refused }]] of [...folders].entries()) {
    const info = infos[index] ?? null;
    if (info === null) continue;
    manifests.set(folder, { modifiedAt: info.modifiedAt, owner: refused ? await ownerOf(store, info.key) : null });
  }
  return manifests;
}

async function ownerOf(store: ObjectStore, key: string): Promise<string | null> {
  try {
    for await (const line of manifestLines(store, key)) return line.kind === 'delivery' ? line.id : null;
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
  }
  return null;
}
