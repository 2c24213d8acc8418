import type { EntityManager } from 'typeorm';

/** The release date of each delivery by its id, as `YYYY-MM-DD`; null: its data stay proprietary. */
export type ReleaseDates = ReadonlyMap<string, string | null>;

/**
 * Returns the release date of a delivery, and of every other one that serves an ObsUnitSet which it serves: a new revision
 * of one may change those of the others. The release date of the newest revision applies to all revisions, because the
 * observatory may extend a proprietary period too, and what serves several MemberOUSs becomes public when the last of
 * them does (docs/adr/0041).
 */
export async function releaseDatesWith(manager: EntityManager, deliveryId: string): Promise<ReleaseDates> {
  const rows = await manager.query<{ id: string; release_date: string | null }[]>(
    `SELECT served.delivery_id AS id,
            CASE WHEN count(*) = count(newest.release_date) THEN max(newest.release_date)::text END AS release_date
       FROM catalogue.delivery_serves AS served
      CROSS JOIN LATERAL (
        SELECT release_date FROM catalogue.delivery_serves AS each JOIN catalogue.delivery ON id = each.delivery_id
         WHERE each.ous = served.ous ORDER BY each.revision DESC LIMIT 1) AS newest
      WHERE served.delivery_id IN (
        SELECT other.delivery_id FROM catalogue.delivery_serves AS own JOIN catalogue.delivery_serves AS other USING (ous)
         WHERE own.delivery_id = $1)
      GROUP BY served.delivery_id`,
    [deliveryId],
  );
  return new Map(rows.map(({ id, release_date }) => [id, release_date]));
}
