import type { EntityManager } from 'typeorm';

/** Inserts rows into a table of the schema `search`; a column that a row leaves out is null. */
export async function insertRows(manager: EntityManager, table: string, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  await manager.query(
    `INSERT INTO search.${table} SELECT * FROM jsonb_populate_recordset(NULL::search.${table}, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}
