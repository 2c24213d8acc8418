import { QueryExpression, SetOperand, SetOperation } from '../grammar/ast';
import { Fault, quoted } from '../grammar/fault';
import { Context } from './context';
import { isNamed, nearestName } from './names';
import { Scope } from './scope';
import { compileSelect, CompiledSelect } from './select';
import { CompiledQuery, isNumber, isText, OutputItem, Reader, ValueType, widerOf } from './value';

/**
 * Compiles a query.
 * @param maxRows added to the client's own limit
 * @throws {Fault}
 */
export function compileQuery(
  query: QueryExpression,
  outer: Scope | undefined,
  context: Context,
  reader: Reader,
  maxRows?: number,
): CompiledQuery {
  const { body, orderBy } = query;
  const compiled = compileOperand(body, outer, context, reader, false);
  const order = orderBy.map(({ value, descending }) => {
    const sql = orderSql(value, compiled);
    return descending ? `${sql} DESC` : sql;
  });
  const offset = query.offset && countOf(query.offset);
  const top = compiled.select && body.kind === 'select' && body.top ? countOf(body.top) : undefined;
  const rows = maxRows === undefined ? top : Math.min(top ?? Infinity, maxRows + 1);
  const sql = [
    compiled.sql(order),
    ...(rows === undefined ? [] : [`LIMIT ${rows}`]),
    ...(offset === undefined ? [] : [`OFFSET ${offset}`]),
  ].join(' ');
  const most = top ?? compiled.top;
  return { sql, items: compiled.items, ...(most !== undefined && { top: most }) };
}

interface CompiledOperand {
  items: OutputItem[];
  /** @param order SQL of the terms of ORDER BY */
  sql(order: readonly string[]): string;
  select?: CompiledSelect;
  top?: number;
}

/** @param compare whether rows are compared with those of another operand */
function compileOperand(
  operand: SetOperand,
  outer: Scope | undefined,
  context: Context,
  reader: Reader,
  compare: boolean,
): CompiledOperand {
  if (operand.kind === 'select') {
    const select = compileSelect(operand, outer, context, reader, compare);
    return { items: select.items, sql: (order) => select.sql(order), select };
  }
  if (operand.kind === 'set') return compileSet(operand, outer, context, reader);
  const inner = context.query(operand, outer, reader);
  const alias = context.alias('t');
  return {
    items: inner.items,
    sql: (order) => `SELECT * FROM (${inner.sql}) AS ${alias}${orderClause(order)}`,
    ...(inner.top !== undefined && { top: inner.top }),
  };
}

function orderClause(order: readonly string[]): string {
  return order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`;
}

function compileSet(
  { operator, all, left, right, at }: SetOperation,
  outer: Scope | undefined,
  context: Context,
  reader: Reader,
): CompiledOperand {
  const [first, second] = [left, right].map((operand) => {
    const compiled = compileOperand(operand, outer, context, reader, true);
    // TOP of an operand counts before the operation.
    const limit = operand.kind === 'select' && operand.top ? ` LIMIT ${countOf(operand.top)}` : '';
    return { items: compiled.items, sql: `(${compiled.sql([])}${limit})` };
  });
  if (first === undefined || second === undefined) throw new Fault('a set operator has one operand', at);
  if (first.items.length !== second.items.length) {
    throw new Fault(`the queries of ${operator} have ${first.items.length} and ${second.items.length} columns`, at, {
      expected: ['the same number of columns'],
    });
  }
  const items = first.items.map((item, index) => {
    const other = second.items[index];
    const type = other && commonType(item, other);
    if (type === undefined) {
      throw new Fault(`column ${index + 1} of the queries of ${operator} has different types`, at);
    }
    // The metadata are those of the first query (§4.6), except where the type changed.
    return type === item.type ? item : { ...item, type, metadata: { ...item.metadata, datatype: undefined } };
  });
  const sql = `${first.sql} ${operator}${all ? ' ALL' : ''} ${second.sql}`;
  return { items, sql: (order) => `${sql}${orderClause(order)}` };
}

function commonType(a: OutputItem, b: OutputItem): ValueType | undefined {
  if (a.sql.length !== b.sql.length) return undefined;
  if (a.type === b.type) return a.type;
  if (a.type === 'NULL') return b.type;
  if (b.type === 'NULL') return a.type;
  if (isNumber(a.type) && isNumber(b.type)) return widerOf(a.type, b.type);
  return isText(a.type) && isText(b.type) ? 'VARCHAR' : undefined;
}

/** A position, an output column, or, of one SELECT, any value. */
function orderSql(value: QueryExpression['orderBy'][number]['value'], operand: CompiledOperand): string {
  const { items, select } = operand;
  if (value.kind === 'number') {
    const position = Number(value.text);
    if (!Number.isInteger(position) || position < 1 || position > items.length) {
      throw new Fault(`ORDER BY names column ${quoted(value.text)}`, value.at, { expected: [`1 to ${items.length}`] });
    }
    return ordered(items[position - 1], value.at);
  }
  if (value.kind === 'column' && value.path.length === 1) {
    const [name] = value.path;
    const named = items.filter((item) => name !== undefined && isNamed(name, item.name));
    if (named.length === 1) return ordered(named[0], value.at);
    if (!select) {
      const nearest = nearestName(
        name?.name ?? '',
        items.map((item) => item.name),
      );
      throw new Fault(`${quoted(name?.name ?? '')} is no column of the result`, value.at, {
        ...(nearest !== undefined && { nearest }),
      });
    }
  }
  if (!select) throw new Fault('after a set operator, ORDER BY names columns of the result', value.at);
  return select.orderSql(value);
}

function ordered(item: OutputItem | undefined, at: number): string {
  const [first] = item?.sql ?? [];
  if (item === undefined || first === undefined) throw new Fault('ORDER BY names no column', at);
  if (item.value('', at).geometry) throw new Fault('ORDER BY takes no geometry', at);
  return first[0];
}

function countOf({ count, at }: { count: string; at: number }): number {
  const number = Number(count);
  if (number > Number.MAX_SAFE_INTEGER) throw new Fault('a number of rows is too large', at);
  return number;
}
