import type { AdqlType } from '@almagest/adql';
import type { DescribedColumn } from './described-table';
import { KEYS, SCHEMAS } from './tables';

type Cell = string | number | null;

/** The rows of TAP_SCHEMA, by the table in the database (TAP 1.1, 4). */
export type TapSchemaRows = Readonly<Record<string, readonly Readonly<Record<string, Cell>>[]>>;

/** VOTable's datatype of each type that a column of the archive has. */
const DATATYPES: Partial<Record<AdqlType, string>> = {
  SMALLINT: 'short',
  INTEGER: 'int',
  BIGINT: 'long',
  REAL: 'float',
  DOUBLE: 'double',
};

/** Words that ADQL reserves: a column of this name is written in quotes (ADQL 2.1, 2.1.2). */
const RESERVED = ['size'];

/** Returns VOTable's datatype of a column. */
export function datatypeOf({ type, datatype }: DescribedColumn): string {
  return datatype ?? DATATYPES[type] ?? 'char';
}

/** Returns the name of a column as a query writes it. */
export function writtenName(name: string): string {
  return RESERVED.includes(name) ? `"${name}"` : name;
}

/** Returns the columns of a table that TAP_SCHEMA, `/tap/tables` and `*` show. */
export function shownColumns(columns: readonly DescribedColumn[]): DescribedColumn[] {
  return columns.filter(({ hidden }) => hidden !== true);
}

/** Returns the rows that describe every schema, table and column. */
export function tapSchemaRows(): TapSchemaRows {
  const tables = SCHEMAS.flatMap((schema) => schema.tables.map((table) => ({ schema, table })));
  return {
    tap_schemas: SCHEMAS.map(({ name, description }, index) => ({
      schema_name: name,
      utype: null,
      description,
      schema_index: index,
    })),
    tap_tables: tables.map(({ schema, table }, index) => ({
      schema_name: schema.name,
      table_name: table.name,
      table_type: 'table',
      utype: table.utype ?? null,
      description: table.description,
      table_index: index,
    })),
    tap_columns: tables.flatMap(({ table }) =>
      shownColumns(table.columns).map((column, index) => columnRow(table.name, column, index)),
    ),
    tap_keys: KEYS.map(({ id, from, target }) => ({
      key_id: id,
      from_table: from,
      target_table: target,
      utype: null,
      description: null,
    })),
    tap_key_columns: KEYS.flatMap(({ id, columns }) =>
      columns.map(([from, target]) => ({ key_id: id, from_column: from, target_column: target })),
    ),
  };
}

function columnRow(table: string, column: DescribedColumn, index: number): Record<string, Cell> {
  const { name, arraysize = null, xtype = null, description, utype = null, unit = null, ucd = null, flags } = column;
  return {
    table_name: table,
    column_name: writtenName(name),
    datatype: datatypeOf(column),
    arraysize,
    xtype,
    size: /^\d+\*?$/.test(arraysize ?? '') ? Number.parseInt(arraysize ?? '', 10) : null,
    description,
    utype,
    unit,
    ucd,
    indexed: flags.includes('indexed') ? 1 : 0,
    principal: flags.includes('principal') ? 1 : 0,
    std: flags.includes('std') ? 1 : 0,
    column_index: index,
  };
}
