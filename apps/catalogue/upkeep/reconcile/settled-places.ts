import { MANIFEST_NAME, manifestKey, type ParsedStoreKey, parseStoreKey } from '@almagest/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/**
 * What the catalogue knows of the place of an object:
 * - `catalogued`: its delivery is in the catalogue, so nothing will be written there any more;
 * - `refused`: the same, because its delivery was refused;
 * - `in-flight`: its delivery was accepted and has not come to an end;
 * - `unheard`: the catalogue has not heard of it, which may be because a message has not reached it;
 * - `foreign`: ingest never writes there.
 */
export type Standing =
  | { readonly standing: 'catalogued' | 'in-flight' | 'unheard'; readonly place: ParsedStoreKey }
  | { readonly standing: 'refused'; readonly place: ParsedStoreKey; readonly refused: string }
  | { readonly standing: 'foreign' };

const FOREIGN: Standing = { standing: 'foreign' };

/** Knows which places in the store are settled. */
@Injectable()
export class SettledPlaces {
  constructor(private readonly dataSource: DataSource) {}

  /** How each of these keys stands; a refused one with the id of the delivery that was refused. */
  async of(keys: readonly string[]): Promise<Standing[]> {
    const places = keys.map(parseStoreKey);
    const known = places.flatMap((place) => place ?? []);
    const folders = [...new Set(known.map((place) => place.folder))];
    const [catalogued, refused, inFlight] = await Promise.all([
      this.catalogued(folders),
      this.refused(folders),
      this.inFlight(known),
    ]);
    return places.map((place) => {
      if (place === null) return FOREIGN;
      if (catalogued.has(place.folder)) return { standing: 'catalogued', place };
      const id = refused.get(place.folder);
      if (id !== undefined) return { standing: 'refused', place, refused: id };
      return { standing: inFlight.has(`${place.ous} ${place.revision}`) ? 'in-flight' : 'unheard', place };
    });
  }

  private async catalogued(folders: readonly string[]): Promise<Set<string>> {
    const rows = await this.dataSource.query<{ object_key: string }[]>(
      `SELECT object_key FROM catalogue.manifest WHERE object_key = ANY ($1)`,
      [folders.map(manifestKey)],
    );
    return new Set(rows.map((row) => row.object_key.slice(0, -MANIFEST_NAME.length - 1)));
  }

  private async refused(folders: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.dataSource.query<{ folder: string; delivery_id: string }[]>(
      `SELECT folder, delivery_id FROM catalogue.rejected_delivery WHERE folder = ANY ($1)`,
      [folders],
    );
    return new Map(rows.map((row) => [row.folder, row.delivery_id]));
  }

  /** As `<ous> <revision>`. */
  private async inFlight(places: readonly ParsedStoreKey[]): Promise<Set<string>> {
    const rows = await this.dataSource.query<{ uid: string; revision: number }[]>(
      `SELECT uid, revision FROM catalogue.obs_unit_set WHERE uid = ANY ($1) AND state = 'accepted'`,
      [[...new Set(places.map((place) => place.ous))]],
    );
    return new Set(rows.map(({ uid, revision }) => `${uid} ${revision}`));
  }
}
