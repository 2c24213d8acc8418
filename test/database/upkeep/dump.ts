import type { TestDatabase } from '../../harness/test-database';

/** The tables that a rebuild restores from the store: not the inbox, the outbox, rejections, and the tables of upkeep. */
const TABLES = [
  'obs_unit_set',
  'execution_block',
  'group_readiness',
  'delivery',
  'delivery_serves',
  'delivery_combines',
  'part',
  'manifest',
  'withdrawal',
  'member_file',
];

/** Times of writing a row, which are not in the store. */
const TIMES = ['catalogued_at', 'replaced_at', 'since', 'withdrawn_at'];

/** Returns every row of the catalogue in a fixed order. Of these times, only the presence is kept. */
export async function dumpCatalogue(db: TestDatabase): Promise<Record<string, unknown[]>> {
  const tables: Record<string, unknown[]> = {};
  for (const table of TABLES) {
    const rows = await db.rows<{ row: Record<string, unknown> }>(
      `SELECT to_jsonb(t) AS row FROM catalogue.${table} AS t ORDER BY to_jsonb(t)::text`,
    );
    tables[table] = rows
      .map(({ row }) => {
        for (const time of TIMES) if (time in row) row[time] = row[time] === null ? null : 'some time';
        return row;
      })
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  return tables;
}
