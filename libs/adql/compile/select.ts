import { Expression, Select, SelectItem, Star } from '../grammar/ast';
import { isCondition } from '../grammar/check-query';
import { Fault, quoted } from '../grammar/fault';
import { isAggregate } from '../functions/user-defined';
import { withIntervals } from './comparison';
import { Context } from './context';
import { compileFrom } from './from';
import { nearestName, pathText } from './names';
import { itemOf, refuseGeometry, resultItemOf } from './output';
import { NamedColumn, Scope } from './scope';
import { OutputItem, Reader, Value } from './value';

/** PostgreSQL allows 1664; a region takes seven. */
const MOST_COLUMNS = 1_000;

const CONSTANTS: readonly string[] = ['number', 'string', 'null'];

export interface CompiledSelect {
  items: OutputItem[];
  /** @param order SQL of the terms of ORDER BY */
  sql(order: readonly string[]): string;
  /** SQL of a term of ORDER BY that is no output column. @throws {Fault} */
  orderSql(value: Expression): string;
}

/**
 * Compiles one SELECT. FROM is printed last: only then is known which tables are named.
 * @param compare whether its rows are compared with those of another query
 * @throws {Fault}
 */
export function compileSelect(
  select: Select,
  outer: Scope | undefined,
  context: Context,
  reader: Reader,
  compare: boolean,
): CompiledSelect {
  const from = compileFrom(select.from, outer, context);
  const scope = new Scope(from.tables, outer);
  const where = select.where && context.condition(select.where, scope);

  scope.aggregates = 'allowed';
  const outputs = select.items
    .flatMap((item) => outputsOf(item, scope, context))
    .map((output, index) => ({ ...output, name: output.name ?? `column_${index + 1}` }));
  if (outputs.length > MOST_COLUMNS) throw new Fault(`the query has more than ${MOST_COLUMNS} columns`, select.at);
  const having = select.having && context.condition(select.having, scope);

  const grouped = select.groupBy.length > 0 || scope.hasAggregate || having !== undefined;
  scope.aggregates = 'forbidden';
  scope.outputs = outputs.map(({ name, value, aggregates }): NamedColumn => ({
    name,
    hidden: false,
    value: (at) => {
      if (aggregates && scope.aggregates === 'forbidden') throw new Fault(`${quoted(name)} is an aggregate`, at);
      return value;
    },
  }));
  const groups = select.groupBy.map((term) => {
    const value = context.value(term, scope);
    if (value.geometry?.stored === undefined) refuseGeometry(value, 'GROUP BY');
    if (CONSTANTS.includes(term.kind) || value.literal !== undefined) {
      throw new Fault('GROUP BY takes no constant', term.at, { expected: ['a column'] });
    }
    return value.sql;
  });
  const grouping = new Grouping(new Set(groups), scope, context);
  if (grouped) {
    for (const { expression, value } of outputs) {
      if (expression) grouping.check(expression);
      else if (!groups.includes(value.sql)) grouping.refuse(value.at);
    }
    if (select.having) grouping.check(select.having);
  }

  const items = outputs.map(({ name, value }, index) => {
    const alone = grouped && value.geometry ? { ...value, geometry: { type: value.geometry.type } } : value;
    if (reader === 'client') return resultItemOf(context, name, index + 1, alone);
    return itemOf(name, index + 1, alone, select.distinct || compare);
  });

  return {
    items,
    sql: (order) => {
      const list = items.flatMap(({ sql }) => sql.map(([alias, value]) => `${value} AS ${alias}`)).join(', ');
      return [
        `SELECT ${select.distinct ? 'DISTINCT ' : ''}${list} FROM ${from.sql()}`,
        ...(where ? [`WHERE ${withIntervals(where)}`] : []),
        ...(groups.length > 0 ? [`GROUP BY ${groups.join(', ')}`] : []),
        ...(having ? [`HAVING ${having.sql}`] : []),
        ...(order.length > 0 ? [`ORDER BY ${order.join(', ')}`] : []),
      ].join(' ');
    },
    orderSql: (term) => {
      scope.aggregates = grouped ? 'allowed' : 'forbidden';
      const value = context.value(term, scope);
      refuseGeometry(value, 'ORDER BY');
      if (grouped) grouping.check(term);
      if (select.distinct && !items.some(({ sql }) => sql.some(([, printed]) => printed === value.sql))) {
        throw new Fault('with DISTINCT, ORDER BY names columns of the result', term.at);
      }
      if (term.kind === 'null') throw new Fault('ORDER BY takes no NULL', term.at);
      // PostgreSQL reads an integer as a position.
      return typeof value.literal === 'number' ? `(${value.sql} + 0)` : value.sql;
    },
  };
}

interface Output {
  /** Undefined for an expression without an alias. */
  name?: string;
  value: Value;
  aggregates: boolean;
  /** Undefined for a column of `*`. */
  expression?: Expression;
}

function outputsOf(item: SelectItem | Star, scope: Scope, context: Context): Output[] {
  if (item.kind === 'star') {
    return starColumns(item, scope).map((column) => ({
      name: column.name,
      value: column.value(item.at),
      aggregates: false,
    }));
  }
  const { value: expression, alias } = item;
  const before = scope.hasAggregate;
  scope.hasAggregate = false;
  const value = context.value(expression, scope);
  const aggregates = scope.hasAggregate;
  scope.hasAggregate ||= before;
  return [{ name: alias?.name ?? nameOf(expression, value), value, aggregates, expression }];
}

function starColumns({ path, at }: Star, scope: Scope): readonly NamedColumn[] {
  if (path.length === 0) return scope.tables.columns.filter(({ hidden }) => !hidden);
  const source = scope.source(path, at);
  if (source) return source.columns.filter(({ hidden }) => !hidden);
  const nearest = nearestName(
    pathText(path),
    scope.tables.sources.map(({ name }) => name.join('.')),
  );
  throw new Fault(`FROM has no table ${quoted(pathText(path))}`, at, { ...(nearest !== undefined && { nearest }) });
}

function nameOf(expression: Expression, value: Value): string | undefined {
  if (expression.kind === 'column') {
    const written = expression.path[expression.path.length - 1]?.name ?? '';
    return value.column?.name ?? written;
  }
  return expression.kind === 'call' ? expression.name.toLowerCase() : undefined;
}

/** Checks that what is outside of aggregates is grouped by. */
class Grouping {
  constructor(
    private readonly groups: ReadonlySet<string>,
    private readonly scope: Scope,
    private readonly context: Context,
  ) {}

  /** @throws {Fault} */
  check(expression: Expression): void {
    if (expression.kind === 'call' && isAggregate(expression.name)) return;
    if (!isCondition(expression) && this.isGrouped(expression)) return;
    switch (expression.kind) {
      case 'column':
        if (this.scope.origin(expression) === 'table') this.refuse(expression.at);
        return;
      case 'number':
      case 'string':
      case 'null':
        return;
      case 'call':
        return expression.args.forEach((argument) => this.check(argument));
      case 'cast':
      case 'sign':
      case 'not':
      case 'isNull':
        return this.check(expression.value);
      case 'arithmetic':
        this.check(expression.first);
        return expression.rest.forEach(({ value }) => this.check(value));
      case 'concatenation':
        return expression.parts.forEach((part) => this.check(part));
      case 'and':
      case 'or':
        return expression.terms.forEach((term) => this.check(term));
      case 'comparison':
        return [expression.left, expression.right].forEach((side) => this.check(side));
      case 'between':
        return [expression.value, expression.low, expression.high].forEach((part) => this.check(part));
      case 'like':
        return [expression.value, expression.pattern].forEach((part) => this.check(part));
      case 'in':
        this.check(expression.value);
        return Array.isArray(expression.list) ? expression.list.forEach((value) => this.check(value)) : undefined;
      case 'exists':
        return;
    }
  }

  refuse(at: number): never {
    throw new Fault('a column is neither grouped by nor in an aggregate function', at, {
      expected: ['GROUP BY with this column', 'COUNT, MIN, MAX, SUM or AVG of it'],
    });
  }

  private isGrouped(expression: Expression): boolean {
    if (this.groups.size === 0 || CONSTANTS.includes(expression.kind)) return false;
    const { aggregates } = this.scope;
    this.scope.aggregates = 'allowed';
    const { sql } = this.context.value(expression, this.scope);
    this.scope.aggregates = aggregates;
    return this.groups.has(sql);
  }
}
