import { MANIFEST_NAME, manifestKey, type ParsedStoreKey, parseStoreKey } from '@almagest/contracts';
import { ManifestError, manifestLines, type ObjectStore } from '@almagest/object-store';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { headObjects } from '../inventory';

/**
 * What the catalogue knows about the delivery that an object belongs to:
 * - `catalogued`: it is in the catalogue, so nothing more is written to its folder;
 * - `rejected`: it was rejected, so nothing more is written to its folder either;
 * - `in-flight`: it was accepted, and is neither catalogued nor rejected yet;
 * - `unknown`: the catalogue has no message about it, perhaps because one has not arrived yet;
 * - `foreign`: the archive never writes such a key.
 */
export type DeliveryStatus =
  | { readonly status: 'catalogued' | 'in-flight' | 'unknown'; readonly key: ParsedStoreKey }
  | { readonly status: 'rejected'; readonly key: ParsedStoreKey; readonly deliveryId: string }
  | { readonly status: 'foreign' };

/** The manifest in the folder of a delivery that is not in the catalogue. */
export interface UncataloguedManifest {
  modifiedAt: Date;
  /** In the folder of a rejected delivery: the delivery that the manifest belongs to; null if it is unreadable. */
  deliveryId: string | null;
}

const FOREIGN: DeliveryStatus = { status: 'foreign' };

/** Finds out which delivery an object belongs to, and what the catalogue knows about it. */
@Injectable()
export class DeliveryLookup {
  constructor(private readonly dataSource: DataSource) {}

  /** Returns the status of the delivery of each key. */
  async statuses(keys: readonly string[]): Promise<DeliveryStatus[]> {
    const parsed = keys.map(parseStoreKey);
    const known = parsed.flatMap((key) => key ?? []);
    const folders = [...new Set(known.map(({ folder }) => folder))];
    const [catalogued, rejected, inFlight] = await Promise.all([
      this.catalogued(folders),
      this.rejected(folders),
      this.inFlight(known),
    ]);
    return parsed.map((key) => {
      if (key === null) return FOREIGN;
      if (catalogued.has(key.folder)) return { status: 'catalogued', key };
      const deliveryId = rejected.get(key.folder);
      if (deliveryId !== undefined) return { status: 'rejected', key, deliveryId };
      return { status: inFlight.has(`${key.ous} ${key.revision}`) ? 'in-flight' : 'unknown', key };
    });
  }

  private async catalogued(folders: readonly string[]): Promise<Set<string>> {
    const rows = await this.dataSource.query<{ object_key: string }[]>(
      `SELECT object_key FROM catalogue.manifest WHERE object_key = ANY ($1)`,
      [folders.map(manifestKey)],
    );
    return new Set(rows.map((row) => row.object_key.slice(0, -MANIFEST_NAME.length - 1)));
  }

  /** Returns the id of the rejected delivery by folder. */
  private async rejected(folders: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.dataSource.query<{ folder: string; delivery_id: string }[]>(
      `SELECT folder, delivery_id FROM catalogue.rejected_delivery WHERE folder = ANY ($1)`,
      [folders],
    );
    return new Map(rows.map((row) => [row.folder, row.delivery_id]));
  }

  /** Returns the accepted revisions as `<ous> <revision>`. */
  private async inFlight(keys: readonly ParsedStoreKey[]): Promise<Set<string>> {
    const rows = await this.dataSource.query<{ uid: string; revision: number }[]>(
      `SELECT uid, revision FROM catalogue.obs_unit_set WHERE uid = ANY ($1) AND state = 'accepted'`,
      [[...new Set(keys.map(({ ous }) => ous))]],
    );
    return new Set(rows.map(({ uid, revision }) => `${uid} ${revision}`));
  }
}

/**
 * Finds the manifests in the folders of deliveries that are not in the catalogue, by folder. The manifest is written
 * last, so a delivery with a manifest is complete.
 */
export async function findUncataloguedManifests(
  store: ObjectStore,
  statuses: readonly DeliveryStatus[],
): Promise<Map<string, UncataloguedManifest>> {
  const folders = new Map<string, { rejected: boolean }>();
  for (const status of statuses) {
    if (status.status === 'foreign' || status.status === 'catalogued') continue;
    folders.set(status.key.folder, { rejected: status.status === 'rejected' });
  }
  const infos = await headObjects(store, [...folders.keys()].map(manifestKey));
  const manifests = new Map<string, UncataloguedManifest>();
  for (const [index, [folder, { rejected }]] of [...folders].entries()) {
    const info = infos[index] ?? null;
    if (info === null) continue;
    const deliveryId = rejected ? await deliveryIn(store, info.key) : null;
    manifests.set(folder, { modifiedAt: info.modifiedAt, deliveryId });
  }
  return manifests;
}

async function deliveryIn(store: ObjectStore, key: string): Promise<string | null> {
  try {
    for await (const line of manifestLines(store, key)) return line.kind === 'delivery' ? line.id : null;
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
  }
  return null;
}
