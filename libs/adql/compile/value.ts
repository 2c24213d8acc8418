import { Fault } from '../grammar/fault';
import { AdqlType, ColumnMetadata } from '../schema';
import { Part } from '../sphere/shape';
import { doubleLiteral } from './literal';

/** The type of NULL, which every other type accepts. */
export type ValueType = AdqlType | 'NULL';
export type GeometryType = 'POINT' | 'CIRCLE' | 'POLYGON' | 'REGION';

/** What is kept of a column's metadata when it is computed with. */
export type Metadata = Omit<ColumnMetadata, 'name' | 'type'>;

/** A compiled value. */
export interface Value {
  /** An SQL expression that can be an operand of any operator. */
  sql: string;
  type: ValueType;
  /** Offset in the query. */
  at: number;
  metadata: Metadata;
  /** Of a literal. */
  literal?: string | number;
  /** Of a function that returns 1 or 0: the SQL condition. */
  condition?: Condition;
  geometry?: Geometry;
  /** The column of a table of the schema that this is. */
  column?: { source: StoredTable; name: string };
}

/** A geometry in SQL. Without `shape` and `numbers`, only the text of a region is known. */
export interface Geometry {
  type: GeometryType;
  /** SQL of the shape (`sphere/shape.ts`). */
  shape?: string;
  /** SQL of the array of DALI's numbers, in degrees, where that is what is stored. */
  numbers?: string;
  /** Of a constant. */
  parts?: readonly Part[];
  /** SQL of DALI's numbers one by one (longitude, latitude, radius), in degrees. */
  coordinates?: readonly string[];
  /** The same numbers, of a constant. */
  literals?: readonly number[];
  /** SQL of the column of type point that has an index. */
  indexedPoint?: string;
  stored?: StoredRegion;
}

/** SQL of the parts of a region (`RegionColumns`). */
export interface StoredRegion {
  box?: string;
  x: string;
  y: string;
  z: string;
  radius: string;
}

/** A table of the schema within a query; its alias and what its indexes serve. */
export interface StoredTable {
  alias: string;
  positions: readonly { longitude: string; latitude: string; point: string }[];
  intervals: readonly { low: string; high: string; range: string; constructor: string }[];
}

/** A compiled condition. */
export interface Condition {
  sql: string;
  /** What it says of columns that are the ends of intervals; each is necessary for the condition. */
  bounds?: Bound[];
}

/** `column <= value` (atMost) or `column >= value`. */
export interface Bound {
  column: { source: StoredTable; name: string };
  atMost: boolean;
  value: string;
}

/** A column of a compiled query: `c1`, and what a region needs besides (`c1_x`). */
export interface OutputItem {
  name: string;
  type: ValueType;
  metadata: Metadata;
  /** SQL of the columns, by alias. */
  sql: readonly (readonly [alias: string, sql: string])[];
  /** Compiles a reference from a query around this one. */
  value(table: string, at: number): Value;
}

/** What reads the columns of a query: the client, a query around it, or IN and EXISTS. */
export type Reader = 'client' | 'table' | 'predicate';

export interface CompiledQuery {
  sql: string;
  items: OutputItem[];
  /** The number of rows that TOP allows. */
  top?: number;
}

const EXACT: readonly ValueType[] = ['SMALLINT', 'INTEGER', 'BIGINT'];
const NUMBERS: readonly ValueType[] = [...EXACT, 'REAL', 'DOUBLE'];
const TEXTS: readonly ValueType[] = ['CHAR', 'VARCHAR', 'CLOB'];

export function isExact(type: ValueType): boolean {
  return EXACT.includes(type);
}

export function isNumber(type: ValueType): boolean {
  return NUMBERS.includes(type);
}

export function isText(type: ValueType): boolean {
  return TEXTS.includes(type);
}

/** Names a type for a message. */
export function kindOf({ type }: Value): string {
  if (isNumber(type)) return 'a number';
  if (isText(type)) return 'a text';
  if (type === 'NULL') return 'NULL';
  return { BOOLEAN: 'a truth value', TIMESTAMP: 'a timestamp' }[type as string] ?? 'a geometry';
}

/**
 * Returns SQL of a number.
 * @throws {Fault}
 */
export function numberSql(value: Value, where: string): string {
  if (value.type === 'NULL') return 'NULL::double precision';
  if (!isNumber(value.type)) {
    throw new Fault(`${where} takes a number and not ${kindOf(value)}`, value.at, { expected: ['a number'] });
  }
  return value.sql;
}

/** Returns SQL of a double. @throws {Fault} */
export function doubleSql(value: Value, where: string): string {
  const sql = numberSql(value, where);
  if (typeof value.literal === 'number') return doubleLiteral(value.literal);
  return value.type === 'DOUBLE' ? sql : `${sql}::double precision`;
}

/** Returns SQL of a text. @throws {Fault} */
export function textSql(value: Value, where: string): string {
  if (value.type === 'NULL') return 'NULL::text';
  if (!isText(value.type)) {
    throw new Fault(`${where} takes a text and not ${kindOf(value)}`, value.at, { expected: ['a text'] });
  }
  return value.sql;
}

/** The type of a sum or product of two numbers, as PostgreSQL has it. */
export function widerOf(a: ValueType, b: ValueType): ValueType {
  if (a === 'NULL') return b;
  if (b === 'NULL' || a === b) return a;
  if (isExact(a) && isExact(b)) return EXACT.indexOf(a) > EXACT.indexOf(b) ? a : b;
  return 'DOUBLE';
}

/** A function that returns 1 or 0. */
export function truth(condition: Condition): Pick<Value, 'sql' | 'type' | 'condition'> {
  return { sql: `${condition.sql}::integer`, type: 'INTEGER', condition };
}
