import type { ManifestDelivery } from '@almagest/contracts';
import { compareUids } from '@almagest/ous';

/** A manifest of the group that is being rebuilt. */
export interface ReplayedManifest {
  delivery: Pick<ManifestDelivery, 'ous' | 'revision' | 'decidedAt'>;
  /** When the manifest was stored, according to the object store. */
  storedAt: Date;
}

/**
 * Sorts the deliveries of a group into the order in which they most likely arrived: by the time of QA2's decision, which
 * is in the manifest and survives a copy of the store, but never a revision before a lower one of the same ObsUnitSet.
 * Adjusts the times so that they increase with the revisions of an ObsUnitSet.
 */
export function replayOrder<Manifest extends ReplayedManifest>(manifests: readonly Manifest[]): Manifest[] {
  const latest = new Map<string, { decided: number; stored: number }>();
  return [...manifests]
    .sort((a, b) => a.delivery.revision - b.delivery.revision)
    .map((manifest) => {
      const { ous, decidedAt } = manifest.delivery;
      const before = latest.get(ous);
      const decided = Math.max(Date.parse(decidedAt), before?.decided ?? -Infinity);
      const stored = Math.max(manifest.storedAt.getTime(), before?.stored ?? -Infinity);
      latest.set(ous, { decided, stored });
      return { decided, manifest: { ...manifest, storedAt: new Date(stored) } };
    })
    .sort((a, b) => a.decided - b.decided || compare(a.manifest, b.manifest))
    .map(({ manifest }) => manifest);
}

function compare(a: ReplayedManifest, b: ReplayedManifest): number {
  return (
    a.storedAt.getTime() - b.storedAt.getTime() ||
    compareUids(a.delivery.ous, b.delivery.ous) ||
    a.delivery.revision - b.delivery.revision
  );
}
