import { ASTRONOMY_SQL } from './astronomy.sql';
import { PREDICATES_SQL } from './predicates.sql';
import { RELATIONS_SQL } from './relations.sql';
import { SHAPES_SQL } from './shapes.sql';

/**
 * Returns the SQL that installs, or replaces, the functions that translated queries call. They are IMMUTABLE and
 * PARALLEL SAFE, and read no table. Callers need USAGE on the schema only.
 * @param schema name of an existing schema: a letter, then letters, digits and underscores, in lower case
 */
export function functionsSql(schema: string): string {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(schema)) throw new RangeError(`"${schema}" is no plain name of a schema`);
  // Functions call each other: their bodies are checked when all of them are there.
  const parts = [PREDICATES_SQL, SHAPES_SQL, RELATIONS_SQL, ASTRONOMY_SQL];
  return parts.join('').replaceAll('@.', `${schema}.`);
}
