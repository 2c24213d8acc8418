import type { Column, Table } from '@almagest/adql';

/** What TAP_SCHEMA says of a column besides its type: important, indexed, defined by a standard (TAP 1.1, 4.3). */
export type ColumnFlag = 'principal' | 'indexed' | 'std';

/** A column as queries, results, TAP_SCHEMA and `/tap/tables` describe it. */
export interface DescribedColumn extends Column {
  readonly description: string;
  readonly flags: readonly ColumnFlag[];
}

/** A table as queries, TAP_SCHEMA and `/tap/tables` describe it. */
export interface DescribedTable extends Table {
  readonly description: string;
  readonly utype?: string;
  readonly columns: readonly DescribedColumn[];
}

/** A schema of ADQL, which is a part of the one schema in the database. */
export interface DescribedSchema {
  readonly name: string;
  readonly description: string;
  readonly tables: readonly DescribedTable[];
}
