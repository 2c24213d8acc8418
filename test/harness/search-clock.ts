/**
 * Sets the day of search in a database: `search.today()`, which decides what is public. Null: the day of the server, as the
 * migration has it.
 */
export async function setSearchDay(db: { query(sql: string): Promise<unknown> }, day: string | null): Promise<void> {
  const today = day === null ? `(now() AT TIME ZONE 'UTC')::date` : `DATE '${day}'`;
  await db.query(
    `CREATE OR REPLACE FUNCTION search.today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE RETURN ${today}`,
  );
}
