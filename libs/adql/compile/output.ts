import { Fault } from '../grammar/fault';
import { OutputColumn } from '../schema';
import { Context } from './context';
import { timestampText } from './literal';
import { NamedColumn } from './scope';
import { OutputItem, Value, ValueType } from './value';

const REGION_PARTS = ['x', 'y', 'z', 'radius'] as const;

/**
 * Returns the SQL columns of a value in a query that another query reads from.
 * @param number of the column, from 1
 * @param distinct whether rows are compared: boxes have no order, so that their index is given up
 */
export function itemOf(name: string, number: number, value: Value, distinct: boolean): OutputItem {
  const { type, metadata, geometry } = value;
  const alias = `c${number}`;
  const common = { name, type, metadata };
  const stored = geometry?.stored;
  if (geometry === undefined || stored === undefined) {
    const { type: kind, shape, numbers } = geometry ?? { type: undefined };
    const form = shape !== undefined ? 'shape' : numbers !== undefined ? 'numbers' : undefined;
    return {
      ...common,
      sql: [[alias, shape ?? value.sql]],
      value: (table, at) => {
        const sql = `${table}.${alias}`;
        return { sql, type, metadata, at, ...(kind && { geometry: { type: kind, ...(form && { [form]: sql }) } }) };
      },
    };
  }
  const box = distinct ? undefined : stored.box;
  return {
    ...common,
    sql: [
      [alias, value.sql],
      [`${alias}_shape`, geometry.shape ?? 'NULL'],
      ...REGION_PARTS.map((part) => [`${alias}_${part}`, stored[part]] as const),
      ...(box === undefined ? [] : [[`${alias}_box`, box] as const]),
    ],
    value: (table, at) => ({
      sql: `${table}.${alias}`,
      type,
      metadata,
      at,
      geometry: {
        type: geometry.type,
        shape: `${table}.${alias}_shape`,
        stored: {
          x: `${table}.${alias}_x`,
          y: `${table}.${alias}_y`,
          z: `${table}.${alias}_z`,
          radius: `${table}.${alias}_radius`,
          ...(box !== undefined && { box: `${table}.${alias}_box` }),
        },
      },
    }),
  };
}

/** Returns the one SQL column of a value in the result, a geometry as text. */
export function resultItemOf(context: Context, name: string, number: number, value: Value): OutputItem {
  const { geometry } = value;
  const sql = geometry === undefined ? value.sql : geometryText(context, value);
  return itemOf(name, number, { ...value, sql, geometry: undefined }, false);
}

/** @returns SQL of the numbers that DALI has for a geometry; of a stored region, its STC-S */
export function geometryText(context: Context, value: Value): string {
  const { type, coordinates, shape, numbers, stored } = value.geometry ?? { type: 'REGION' };
  if (numbers !== undefined) return `array_to_string(${numbers}, ' ')`;
  if (stored !== undefined || shape === undefined) return value.sql;
  if (coordinates !== undefined) return `(${coordinates.map((number) => `${number}::text`).join(` || ' ' || `)})`;
  return context.call('sky_text', shape, `'${type}'`);
}

/** Names the columns of a compiled query for a query around it. */
export function namedColumns(items: readonly OutputItem[], table: string): NamedColumn[] {
  return items.map((item) => ({ name: item.name, hidden: false, value: (at) => item.value(table, at) }));
}

/** SQL of a column in the result: timestamps are text there, after everything that compares them. */
export function resultSql(item: OutputItem, column: string): string {
  return item.type === 'TIMESTAMP' ? timestampText(column) : column;
}

type Datatype = Pick<OutputColumn, 'datatype' | 'arraysize' | 'xtype'>;

const DATATYPES: Readonly<Record<ValueType, Datatype>> = {
  BOOLEAN: { datatype: 'boolean' },
  SMALLINT: { datatype: 'short' },
  INTEGER: { datatype: 'int' },
  BIGINT: { datatype: 'long' },
  REAL: { datatype: 'float' },
  DOUBLE: { datatype: 'double' },
  CHAR: { datatype: 'unicodeChar', arraysize: '*' },
  VARCHAR: { datatype: 'unicodeChar', arraysize: '*' },
  CLOB: { datatype: 'unicodeChar', arraysize: '*', xtype: 'adql:clob' },
  NULL: { datatype: 'char', arraysize: '*' },
  TIMESTAMP: { datatype: 'char', arraysize: '*', xtype: 'timestamp' },
  POINT: { datatype: 'double', arraysize: '2', xtype: 'point' },
  CIRCLE: { datatype: 'double', arraysize: '3', xtype: 'circle' },
  POLYGON: { datatype: 'double', arraysize: '*', xtype: 'polygon' },
  REGION: { datatype: 'char', arraysize: '*', xtype: 'adql:REGION' },
};

/** Returns what VOTable says of a column. */
export function outputColumn({ name, type, metadata }: OutputItem): OutputColumn {
  const standard = metadata.datatype === undefined ? DATATYPES[type] : { datatype: metadata.datatype };
  const known = Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined));
  return { ...standard, ...known, name, type: type === 'NULL' ? 'VARCHAR' : type };
}

/** @throws {Fault} if a geometry is compared, grouped or ordered by */
export function refuseGeometry(value: Value, what: string): void {
  if (value.geometry) {
    throw new Fault(`${what} takes no geometry`, value.at, { expected: ['CONTAINS, INTERSECTS or DISTANCE of it'] });
  }
}
