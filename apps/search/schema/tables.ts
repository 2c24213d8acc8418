import type { AdqlType } from '@almagest/adql';
import { ALIAS_COLUMNS, ALMA_COLUMNS } from './alma.columns';
import type { ColumnFlag, DescribedColumn, DescribedSchema, DescribedTable } from './described-table';
import { OBSCORE_COLUMNS } from './obscore.columns';

const OBSCORE: DescribedTable = {
  name: 'ivoa.obscore',
  sql: 'search.observation',
  description: 'One row for each source and spectral window of a MemberOUS or GroupOUS (ObsCore 1.1)',
  utype: 'ivo://ivoa.net/std/ObsCore#table-1.1',
  columns: [...OBSCORE_COLUMNS, ...ALMA_COLUMNS, ...ALIAS_COLUMNS],
  joins: {
    project: { table: 'search.project', on: '{}.code = {base}.proposal_id' },
    mous: { table: 'search.mous', on: '{}.ous = {base}.ous' },
  },
  positions: [{ longitude: 's_ra', latitude: 's_dec', point: 'centre' }],
  intervals: [{ low: 'em_min', high: 'em_max', range: 'wavelengths', constructor: 'search.double_range' }],
};

const FILES: DescribedTable = {
  name: 'alma.file',
  sql: 'search.public_file',
  description: 'The files inside the stored parts of public deliveries, with their digests',
  columns: [
    text('member_ous_uid', 'MemberOUS; null for the files of a GroupOUS', 'indexed'),
    text('group_ous_uid', 'GroupOUS', 'indexed'),
    text('proposal_id', 'Project code', 'indexed'),
    text('path', 'Path in the delivery'),
    text('part', 'Tar part that contains the file'),
    text('role', 'Role of the file in the delivery'),
    { ...value('file_size', 'BIGINT', 'Size'), unit: 'byte', ucd: 'phys.size;meta.file' },
    text('sha256', 'SHA-256, hexadecimal'),
  ],
};

const EXECUTION_BLOCKS: DescribedTable = {
  name: 'alma.asdm',
  sql: 'search.execution_block',
  description: 'The execution blocks of each MemberOUS: every raw ASDM, used in the products or additional',
  columns: [
    text('member_ous_uid', 'MemberOUS', 'principal', 'indexed'),
    text('asdm_uid', 'Execution block', 'principal', 'indexed'),
    text('proposal_id', 'Project code', 'indexed'),
    value('used', 'CHAR', 'T if the products are made of it, F if it is additional', 'principal'),
    { ...value('t_min', 'DOUBLE', 'Start of the observation, MJD'), unit: 'd', ucd: 'time.start' },
    { ...value('t_exptime', 'DOUBLE', 'Exposure on the source'), unit: 's', ucd: 'time.duration;obs.exposure' },
    { ...value('pwv', 'DOUBLE', 'Precipitable water vapour'), unit: 'mm' },
    text('antenna_arrays', 'Pads and antennas, such as A109:DV01, separated by blanks'),
    { ...value('asdm_size', 'BIGINT', 'Size of the ASDM'), unit: 'byte', ucd: 'phys.size;meta.file' },
  ],
};

const CHANGES: DescribedTable = {
  name: 'alma.changes',
  sql: 'search.change',
  description:
    'What was added to, replaced in and withdrawn from ivoa.obscore, and what became public, in this order, each once',
  columns: [
    value('change_id', 'BIGINT', 'Increases with each change', 'principal', 'indexed'),
    text('kind', 'added, replaced, withdrawn or released: its release date has passed', 'principal'),
    text('ous_uid', 'MemberOUS or GroupOUS', 'principal'),
    text('proposal_id', 'Project code', 'principal'),
    value('revision', 'INTEGER', 'Revision of the delivery'),
    text('delivery_id', 'Delivery'),
    text('data_rights', 'Public or Proprietary from then on; null after a withdrawal'),
    { ...value('changed_at', 'TIMESTAMP', 'When it happened, UTC'), arraysize: '*', xtype: 'adql:TIMESTAMP' },
  ],
};

/** The tables of TAP_SCHEMA (TAP 1.1, 4). */
const TAP_SCHEMA: readonly DescribedTable[] = [
  tapTable('schemas', 'The schemas of this service', [
    text('schema_name', 'Name of the schema', 'principal', 'std'),
    text('utype', 'Utype of the schema', 'std'),
    text('description', 'Description of the schema', 'principal', 'std'),
    value('schema_index', 'INTEGER', 'Order of the schemas', 'std'),
  ]),
  tapTable('tables', 'The tables of this service', [
    text('schema_name', 'Schema of the table', 'principal', 'std'),
    text('table_name', 'Name of the table as queries write it', 'principal', 'std'),
    text('table_type', 'table or view', 'std'),
    text('utype', 'Utype of the table', 'std'),
    text('description', 'Description of the table', 'principal', 'std'),
    value('table_index', 'INTEGER', 'Order of the tables', 'std'),
  ]),
  tapTable('columns', 'The columns of the tables of this service', [
    text('table_name', 'Table of the column', 'principal', 'std'),
    text('column_name', 'Name of the column as queries write it', 'principal', 'std'),
    text('datatype', 'Type as in VOTable', 'principal', 'std'),
    text('arraysize', 'Number of values or characters, as in VOTable', 'std'),
    text('xtype', 'Meaning of a text, as in VOTable', 'std'),
    value('size', 'INTEGER', 'Number of values or characters; arraysize says more', 'std'),
    text('description', 'Description of the column', 'principal', 'std'),
    text('utype', 'Utype of the column', 'std'),
    text('unit', 'Unit of the values', 'principal', 'std'),
    text('ucd', 'UCD of the column', 'std'),
    value('indexed', 'INTEGER', '1 if an index makes queries by this column fast', 'std'),
    value('principal', 'INTEGER', '1 if the column is important', 'std'),
    value('std', 'INTEGER', '1 if a standard defines the column', 'std'),
    value('column_index', 'INTEGER', 'Order of the columns', 'std'),
  ]),
  tapTable('keys', 'The foreign keys between tables', [
    text('key_id', 'Identifier of the key', 'principal', 'std'),
    text('from_table', 'Table with the key', 'principal', 'std'),
    text('target_table', 'Table that it refers to', 'principal', 'std'),
    text('utype', 'Utype of the key', 'std'),
    text('description', 'Description of the key', 'principal', 'std'),
  ]),
  tapTable('key_columns', 'The columns of the foreign keys', [
    text('key_id', 'Identifier of the key', 'principal', 'std'),
    text('from_column', 'Column of the table with the key', 'principal', 'std'),
    text('target_column', 'Column that it refers to', 'principal', 'std'),
  ]),
];

/** Everything that a query may name; TAP_SCHEMA, `/tap/tables` and the results describe it by this. */
export const SCHEMAS: readonly DescribedSchema[] = [
  { name: 'ivoa', description: 'Tables that the IVOA defines', tables: [OBSCORE] },
  { name: 'alma', description: 'Tables of this archive', tables: [FILES, EXECUTION_BLOCKS, CHANGES] },
  { name: 'TAP_SCHEMA', description: 'Descriptions of the tables of this service (TAP 1.1)', tables: TAP_SCHEMA },
];

/** A foreign key between tables. */
export interface Key {
  readonly id: string;
  readonly from: string;
  readonly target: string;
  /** Pairs of a column of the table with the key, and the column that it refers to. */
  readonly columns: readonly (readonly [string, string])[];
}

export const KEYS: readonly Key[] = [
  key('TAP_SCHEMA.tables', 'TAP_SCHEMA.schemas', 'schema_name'),
  key('TAP_SCHEMA.columns', 'TAP_SCHEMA.tables', 'table_name'),
  key('TAP_SCHEMA.keys', 'TAP_SCHEMA.tables', 'from_table', 'table_name'),
  key('TAP_SCHEMA.keys', 'TAP_SCHEMA.tables', 'target_table', 'table_name'),
  key('TAP_SCHEMA.key_columns', 'TAP_SCHEMA.keys', 'key_id'),
];

function key(from: string, target: string, column: string, targetColumn = column): Key {
  return { id: `${from}-${column}`, from, target, columns: [[column, targetColumn]] };
}

function tapTable(name: string, description: string, columns: readonly DescribedColumn[]): DescribedTable {
  return { name: `TAP_SCHEMA.${name}`, sql: `search.tap_${name}`, description, columns };
}

function text(name: string, description: string, ...flags: ColumnFlag[]): DescribedColumn {
  return { ...value(name, 'VARCHAR', description, ...flags), arraysize: '*' };
}

function value(name: string, type: AdqlType, description: string, ...flags: ColumnFlag[]): DescribedColumn {
  return { name, type, description, flags };
}
