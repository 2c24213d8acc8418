import { Expression, Identifier, Join, TableName, TableReference } from '../grammar/ast';
import { Fault, quoted } from '../grammar/fault';
import { Column, Table } from '../schema';
import { comparable, withIntervals } from './comparison';
import { Context } from './context';
import { quoteName } from './literal';
import { isNamed, nearestName, pathMatches, pathText } from './names';
import { namedColumns } from './output';
import { NamedColumn, Scope, Tables } from './scope';
import { GeometryType, StoredTable, Value } from './value';

/** A compiled table reference. */
export interface From {
  tables: Tables;
  /** Prints it with the joins that the compiled references need; call it last. */
  sql(): string;
}

/** @throws {Fault} */
export function compileFrom(references: readonly TableReference[], outer: Scope | undefined, context: Context): From {
  const parts = references.map((reference) => compileReference(reference, outer, context));
  return {
    tables: {
      sources: parts.flatMap(({ tables }) => tables.sources),
      columns: parts.flatMap(({ tables }) => tables.columns),
    },
    sql: () => parts.map((part) => part.sql()).join(' CROSS JOIN '),
  };
}

function compileReference(reference: TableReference, outer: Scope | undefined, context: Context): From {
  switch (reference.kind) {
    case 'join':
      return compileJoin(reference, outer, context);
    case 'table':
      return compileTable(reference, context);
    case 'derived': {
      const { sql, items } = context.query(reference.query, outer, 'table');
      const alias = context.alias('t');
      return named([reference.alias.name], namedColumns(items, alias), () => `(${sql}) AS ${alias}`);
    }
  }
}

function named(name: readonly string[], columns: readonly NamedColumn[], sql: () => string): From {
  return { tables: { sources: [{ name, columns }], columns }, sql };
}

/** @throws {Fault} with the nearest name, if there is no such table */
function compileTable({ path, alias: given, at }: TableName, context: Context): From {
  const [only] = path;
  const common =
    path.length === 1 && only ? context.commonTables.find(({ name }) => isNamed(only, name.name)) : undefined;
  const alias = context.alias('t');
  if (common) {
    return named(
      [given?.name ?? common.name.name],
      namedColumns(common.items, alias),
      () => `${common.sql} AS ${alias}`,
    );
  }
  const matches = context.tables.filter(({ name }) => pathMatches(path, name.split('.')));
  const [table] = matches;
  if (table === undefined || matches.length > 1) {
    const names = [...context.tables.map(({ name }) => name), ...context.commonTables.map(({ name }) => name.name)];
    const nearest = table === undefined ? nearestTable(path, names) : undefined;
    const problem = table === undefined ? 'unknown table' : 'several schemas have a table';
    throw new Fault(`${problem} ${quoted(pathText(path))}`, at, { ...(nearest !== undefined && { nearest }) });
  }
  return storedTable(table, given === undefined ? table.name.split('.') : [given.name], alias);
}

function nearestTable(path: readonly Identifier[], names: readonly string[]): string | undefined {
  const whole = nearestName(pathText(path), names);
  const last = path[path.length - 1]?.name ?? '';
  const byLast = nearestName(
    last,
    names.map((name) => name.slice(name.lastIndexOf('.') + 1)),
  );
  return whole ?? names.find((name) => byLast !== undefined && name.endsWith(byLast));
}

function storedTable(table: Table, name: readonly string[], alias: string): From {
  const joined = new Set<string>();
  const source: StoredTable = {
    alias,
    positions: (table.positions ?? []).map((position) => ({ ...position, point: column(alias, position.point) })),
    intervals: (table.intervals ?? []).map((interval) => ({ ...interval, range: column(alias, interval.range) })),
  };
  const columns = table.columns.map((entry) => ({
    name: entry.name,
    hidden: entry.hidden ?? false,
    value: (at: number) => {
      if (entry.join !== undefined) joined.add(entry.join);
      return columnValue(entry, source, at);
    },
  }));
  return named(name, columns, () => {
    const joins = [...joined].map((key) => {
      const join = table.joins?.[key];
      if (join === undefined) throw new RangeError(`table ${table.name} has no join ${key}`);
      const on = join.on.replaceAll('{base}', alias).replaceAll('{}', `${alias}_${key}`);
      return ` LEFT JOIN ${join.table} AS ${alias}_${key} ON ${on}`;
    });
    return joins.length === 0 ? `${table.sql} AS ${alias}` : `(${table.sql} AS ${alias}${joins.join('')})`;
  });
}

function column(alias: string, name: string): string {
  return `${alias}.${quoteName(name)}`;
}

const GEOMETRIES: ReadonlySet<string> = new Set<GeometryType>(['POINT', 'CIRCLE', 'POLYGON', 'REGION']);

function columnValue(entry: Column, source: StoredTable, at: number): Value {
  const alias = entry.join === undefined ? source.alias : `${source.alias}_${entry.join}`;
  const { name, type, datatype, arraysize, xtype, unit, ucd, utype, description } = entry;
  const sql = entry.sql === undefined ? column(alias, name.toLowerCase()) : `(${entry.sql.replaceAll('{}', alias)})`;
  const value: Value = {
    sql,
    type,
    at,
    metadata: { datatype, arraysize, xtype, unit, ucd, utype, description },
    column: { source, name },
  };
  return GEOMETRIES.has(type)
    ? { ...value, geometry: { type: type as GeometryType, ...columnGeometry(entry, sql, alias) } }
    : value;
}

function columnGeometry({ type, region }: Column, sql: string, alias: string): Partial<Value['geometry']> {
  if (region !== undefined) {
    const [shape, box, x, y, z, radius] = [region.shape, region.box, region.x, region.y, region.z, region.radius].map(
      (name) => column(alias, name),
    );
    return { shape, stored: { box, x: x ?? '', y: y ?? '', z: z ?? '', radius: radius ?? '' } };
  }
  return type === 'REGION' ? {} : { numbers: sql };
}

/** What a kind of join means for the columns that USING or NATURAL merge. */
function compileJoin(join: Join, outer: Scope | undefined, context: Context): From {
  const left = compileReference(join.left, outer, context);
  const right = compileReference(join.right, outer, context);
  const sources = [...left.tables.sources, ...right.tables.sources];
  const all = [...left.tables.columns, ...right.tables.columns];
  const names = join.natural ? commonNames(left.tables, right.tables) : join.using;
  const kind = { INNER: 'JOIN', LEFT: 'LEFT JOIN', RIGHT: 'RIGHT JOIN', FULL: 'FULL JOIN' }[join.type];
  const print = (condition: string) => (): string => `(${left.sql()} ${kind} ${right.sql()} ON ${condition})`;
  if (names === undefined) {
    const scope = new Scope({ sources, columns: all }, outer);
    if (join.type === 'FULL' && join.on) checkFullJoin(join.on);
    const inner = join.on && context.condition(join.on, scope);
    const condition = inner ? (join.type === 'FULL' ? inner.sql : withIntervals(inner)) : 'TRUE';
    return { tables: { sources, columns: all }, sql: print(condition) };
  }
  const merged = names.map((name) => mergeColumns(name, left.tables, right.tables, join.type));
  const rest = all.filter((candidate) => !merged.some(({ parts }) => parts.includes(candidate)));
  const condition = merged.map(({ condition: equal }) => equal).join(' AND ') || 'TRUE';
  return {
    tables: { sources, columns: [...merged.map(({ column: one }) => one), ...rest] },
    sql: print(condition),
  };
}

/** PostgreSQL merges or hashes both sides of a full join. @throws {Fault} */
function checkFullJoin(on: Expression): void {
  const terms = on.kind === 'and' ? on.terms : [on];
  const other = terms.find((term) => term.kind !== 'comparison' || term.operator !== '=');
  if (other) throw new Fault('a FULL JOIN has another condition than "="', other.at, { expected: ['a = b AND ...'] });
}

function commonNames(left: Tables, right: Tables): Identifier[] {
  return left.columns
    .filter(({ name, hidden }) => !hidden && right.columns.some((other) => !other.hidden && other.name === name))
    .map(({ name }) => ({ name, delimited: true, at: 0 }));
}

function mergeColumns(
  name: Identifier,
  left: Tables,
  right: Tables,
  type: Join['type'],
): { column: NamedColumn; condition: string; parts: NamedColumn[] } {
  const [first, second] = [left, right].map(({ columns }) => {
    const found = columns.filter((candidate) => isNamed(name, candidate.name));
    if (found.length > 1) throw new Fault(`several tables have a column ${quoted(name.name)}`, name.at);
    if (found[0]) return found[0];
    const nearest = nearestName(
      name.name,
      columns.map((candidate) => candidate.name),
    );
    throw new Fault(`a side of the join has no column ${quoted(name.name)}`, name.at, {
      ...(nearest !== undefined && { nearest }),
    });
  });
  if (first === undefined || second === undefined) throw new RangeError('a join has two sides');
  const sides = comparable(first.value(name.at), second.value(name.at), 'the join');
  const value = (at: number): Value => {
    if (type === 'RIGHT') return second.value(at);
    if (type !== 'FULL') return first.value(at);
    const one = first.value(at);
    return { ...one, sql: `coalesce(${sides.left}, ${sides.right})`, column: undefined };
  };
  return {
    column: { name: first.name, hidden: false, value },
    condition: `${sides.left} = ${sides.right}`,
    parts: [first, second],
  };
}
