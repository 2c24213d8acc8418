import type { Schema } from '@almagest/adql';
import { SCHEMAS } from './tables';
import { datatypeOf } from './tap-schema';

/** The tables as the translator of ADQL takes them. */
export const ADQL_SCHEMA: Schema = {
  tables: SCHEMAS.flatMap(({ tables }) => tables).map((table) => ({
    ...table,
    // Results have the types of TAP_SCHEMA.
    columns: table.columns.map((column) => ({ ...column, datatype: datatypeOf(column) })),
  })),
  functions: 'search',
};
