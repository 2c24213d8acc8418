import type { ManifestDelivery } from '@almagest/contracts';
import { compareUids } from '@almagest/ous';

/** A manifest of a group that is rebuilt. */
export interface ReplayedManifest {
  delivery: Pick<ManifestDelivery, 'ous' | 'revision' | 'decidedAt'>;
  /** When the manifest was stored, as far as the store tells. */
  storedAt: Date;
}

/**
 * Puts the deliveries of a group in the order in which they most likely came: by QA2's decision, which travels in the
 * manifest and survives any copying of the store; but a revision never before a lower one of the same ObsUnitSet. Each
 * gets a time that does not run backwards within its ObsUnitSet.
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
