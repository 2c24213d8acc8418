import { type AdqlType, type Column, footprintOf, ShapeError } from '@almagest/adql';
import { type Cell, TableError, type TableField } from '@almagest/votable';

/** How a column of an upload is stored, and how queries see it. */
export interface UploadColumn {
  readonly described: Column;
  /** The SQL columns, each with its type. */
  readonly stored: readonly { readonly name: string; readonly type: string }[];
  /** Returns the values of the SQL columns, in the text form of PostgreSQL. @throws TableError */
  readonly values: (cell: Cell) => Cell[];
}

const NUMBERS: Partial<Record<TableField['datatype'], AdqlType>> = {
  boolean: 'BOOLEAN',
  bit: 'SMALLINT',
  unsignedByte: 'SMALLINT',
  short: 'SMALLINT',
  int: 'INTEGER',
  long: 'BIGINT',
  float: 'REAL',
  double: 'DOUBLE',
};
const SQL_TYPES: Partial<Record<AdqlType, string>> = {
  BOOLEAN: 'boolean',
  SMALLINT: 'smallint',
  INTEGER: 'integer',
  BIGINT: 'bigint',
  REAL: 'real',
  DOUBLE: 'double precision',
  TIMESTAMP: 'timestamp',
};
/** Arrays of these types keep their type in results, as text of numbers. */
const ARRAYS: Partial<Record<TableField['datatype'], string>> = {
  unsignedByte: 'short',
  short: 'short',
  int: 'int',
  long: 'long',
  float: 'float',
  double: 'double',
};
const SHAPES: Record<string, 'POINT' | 'CIRCLE' | 'POLYGON'> = { point: 'POINT', circle: 'CIRCLE', polygon: 'POLYGON' };
const REGIONS = ['adql:region', 'adql:point', 'adql:circle', 'adql:polygon', 'stc-s', 'stc'];
const TIMES = ['timestamp', 'adql:timestamp'];
const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?))?Z?$/;

/** Returns how a column is stored; no word of the upload becomes SQL. */
export function uploadColumn(field: TableField, index: number): UploadColumn {
  const { datatype, shape } = field;
  const xtype = field.xtype?.toLowerCase() ?? '';
  const name = `c${index + 1}`;
  if (datatype === 'char' || datatype === 'unicodeChar') {
    if (TIMES.includes(xtype)) return one(field, name, 'TIMESTAMP', timestampText);
    if (REGIONS.includes(xtype)) return region(field, name);
    const type = shape.isScalar ? 'CHAR' : 'VARCHAR';
    // A single character is written without (VOTable 1.3, erratum 3).
    const arraysize = field.arraysize === '1' ? undefined : field.arraysize;
    return one(field, name, type, withoutNul, { datatype, arraysize, xtype: field.xtype });
  }
  const geometry = SHAPES[xtype];
  if (geometry !== undefined && (datatype === 'double' || datatype === 'float') && !shape.isScalar) {
    return one(field, name, geometry, (cell) => coordinates(cell, geometry));
  }
  const number = shape.isScalar ? NUMBERS[datatype] : undefined;
  if (number !== undefined) return one(field, name, number, (cell) => cell);
  const array = shape.isScalar ? undefined : ARRAYS[datatype];
  const metadata = array === undefined ? {} : { datatype: array, arraysize: field.arraysize, xtype: field.xtype };
  return one(field, name, 'VARCHAR', (cell) => cell, metadata);
}

function one(
  field: TableField,
  sqlName: string,
  type: AdqlType,
  value: (cell: string) => Cell,
  metadata: Pick<TableField, 'arraysize' | 'xtype'> & { datatype?: string } = {},
): UploadColumn {
  const { name, unit, ucd, utype, description } = field;
  const all = { name, type, unit, ucd, utype, description, ...metadata, sql: `{}.${sqlName}` };
  return {
    described: Object.fromEntries(Object.entries(all).filter(([, entry]) => entry !== undefined)) as unknown as Column,
    stored: [{ name: sqlName, type: geometryType(type) ?? SQL_TYPES[type] ?? 'text' }],
    values: (cell) => [cell === null ? null : value(cell)],
  };
}

function geometryType(type: AdqlType): string | undefined {
  return Object.values<AdqlType>(SHAPES).includes(type) ? 'double precision[]' : undefined;
}

/** A region as the archive writes its own (STC-S), stored with what its index needs. */
function region(field: TableField, name: string): UploadColumn {
  const parts = {
    box: `${name}_box`,
    x: `${name}_x`,
    y: `${name}_y`,
    z: `${name}_z`,
    radius: `${name}_radius`,
    shape: `${name}_shape`,
  };
  const text = one(field, name, 'REGION', withoutNul);
  const numbers = [parts.x, parts.y, parts.z, parts.radius].map((part) => ({ name: part, type: 'double precision' }));
  return {
    described: { ...text.described, region: parts },
    stored: [
      ...text.stored,
      { name: parts.box, type: 'box' },
      ...numbers,
      { name: parts.shape, type: 'double precision[]' },
    ],
    values: (cell) => (cell === null ? Array<Cell>(7).fill(null) : regionValues(cell)),
  };
}

function regionValues(cell: string): Cell[] {
  try {
    const { box, x, y, z, radius, shape } = footprintOf(cell);
    return [cell, box, String(x), String(y), String(z), String(radius), `{${shape.join(',')}}`];
  } catch (error) {
    if (error instanceof ShapeError) throw new TableError(`is no region (STC-S): ${error.message}`);
    throw error;
  }
}

/** PostgreSQL has no NUL in a text. */
function withoutNul(cell: string): string {
  return cell.replaceAll('\0', '');
}

/** Returns DALI's form of a time as PostgreSQL reads it (DALI 1.1, 3.3.3). */
function timestampText(cell: string): string {
  const [, day, time = '00:00:00'] = TIME.exec(cell.trim()) ?? [];
  const parsed = Date.parse(`${day}T${time.slice(0, 8)}${time.length < 8 ? ':00' : ''}Z`);
  if (day === undefined || Number.isNaN(parsed) || new Date(parsed).toISOString().slice(0, 10) !== day) {
    throw new TableError(`'${cell.slice(0, 40)}' is no time; expected a form such as 2024-01-31T12:00:00`);
  }
  return `${day} ${time}`;
}

/** Returns the numbers of a position or shape (DALI 1.1, 3.3.5) as an array; one with a NaN is no value. */
function coordinates(cell: string, type: 'POINT' | 'CIRCLE' | 'POLYGON'): Cell {
  const words = cell.split(' ');
  if (words.includes('NaN')) return null;
  const isComplete = type === 'POLYGON' ? words.length >= 6 && words.length % 2 === 0 : words.length === COUNTS[type];
  if (isComplete) return `{${words.join(',')}}`;
  throw new TableError(`${words.length} numbers are no ${type.toLowerCase()}`);
}

const COUNTS = { POINT: 2, CIRCLE: 3 };
