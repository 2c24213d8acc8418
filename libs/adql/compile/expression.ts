import { Arithmetic, Call, Cast, Expression, NumberLiteral } from '../grammar/ast';
import { isCondition } from '../grammar/check-query';
import { Fault } from '../grammar/fault';
import { compileFunction } from '../functions/compile-function';
import { castGeometry } from '../geometry/constructors';
import { comparable } from './comparison';
import { Context } from './context';
import { doubleLiteral, textLiteral, timestampLiteral, timestampText } from './literal';
import { refuseGeometry } from './output';
import { Scope } from './scope';
import { isExact, isNumber, isText, kindOf, numberSql, Value, ValueType, widerOf } from './value';

const LARGEST_INTEGER = 2_147_483_647n;
const LARGEST_BIGINT = 9_223_372_036_854_775_807n;

/**
 * Compiles a value: resolves names, checks types, prints SQL.
 * @throws {Fault}
 */
export function compileValue(expression: Expression, scope: Scope, context: Context): Value {
  if (isCondition(expression)) throw new Fault('a condition is not a value', expression.at);
  const { at } = expression;
  switch (expression.kind) {
    case 'column':
      return scope.column(expression);
    case 'number':
      return numberValue(expression);
    case 'string':
      return { sql: textLiteral(expression.value), type: 'VARCHAR', at, metadata: {}, literal: expression.value };
    case 'null':
      return { sql: 'NULL', type: 'NULL', at, metadata: {} };
    case 'sign': {
      const value = context.value(expression.value, scope);
      const sql = numberSql(value, `"${expression.operator}"`);
      const { unit } = value.metadata;
      return {
        sql: `(${expression.operator}${sql})`,
        type: value.type,
        at,
        metadata: { ...(unit !== undefined && { unit }) },
        ...(typeof value.literal === 'number' && {
          literal: expression.operator === '-' ? -value.literal : value.literal,
        }),
      };
    }
    case 'arithmetic':
      return arithmetic(expression, scope, context);
    case 'concatenation': {
      const parts = expression.parts.map((part) => concatenable(context.value(part, scope)));
      return { sql: `(${parts.join(' || ')})`, type: 'VARCHAR', at, metadata: {} };
    }
    case 'cast':
      return cast(expression, scope, context);
    case 'call':
      return call(expression, scope, context);
  }
}

function numberValue({ text, at }: NumberLiteral): Value {
  const metadata = {};
  if (/^\d+$/.test(text)) {
    const integer = text.length > 20 ? LARGEST_BIGINT + 1n : BigInt(text);
    const literal = Number(text);
    if (integer <= LARGEST_INTEGER) return { sql: `${integer}`, type: 'INTEGER', at, metadata, literal };
    if (integer <= LARGEST_BIGINT) return { sql: `${integer}::bigint`, type: 'BIGINT', at, metadata, literal };
  }
  const literal = Number(text);
  if (!Number.isFinite(literal)) throw new Fault('a number is too large', at, { expected: ['at most 1.7E308'] });
  return { sql: doubleLiteral(literal), type: 'DOUBLE', at, metadata, literal };
}

/** Integers divide as integers, as in SQL-92: 1/2 is 0. */
function arithmetic({ first, rest, at }: Arithmetic, scope: Scope, context: Context): Value {
  const start = context.value(first, scope);
  let type: ValueType = start.type;
  let sql = numberSql(start, `"${rest[0]?.operator}"`);
  for (const term of rest) {
    const value = context.value(term.value, scope);
    sql += ` ${term.operator} ${numberSql(value, `"${term.operator}"`)}`;
    type = widerOf(type, value.type);
  }
  return { sql: `(${sql})`, type, at, metadata: {} };
}

function concatenable(value: Value): string {
  if (value.type === 'NULL') return 'NULL::text';
  if (isText(value.type)) return value.sql;
  if (value.type === 'TIMESTAMP') return timestampText(value.sql);
  refuseGeometry(value, '"||"');
  return `${value.sql}::text`;
}

const CAST_TYPES: Readonly<Record<string, string>> = {
  SMALLINT: 'smallint',
  INTEGER: 'integer',
  BIGINT: 'bigint',
  REAL: 'real',
  DOUBLE: 'double precision',
};

/** §4.8.1. */
function cast({ value: expression, target, at }: Cast, scope: Scope, context: Context): Value {
  const value = context.value(expression, scope);
  const { type } = target;
  if (type === 'POINT' || type === 'CIRCLE' || type === 'POLYGON') return castGeometry(value, type, at, context);
  const refusal = new Fault(`CAST makes no ${type} of ${kindOf(value)}`, at);
  if (value.geometry) throw refusal;
  const metadata = {};
  if (type === 'TIMESTAMP') {
    if (typeof value.literal === 'string') {
      return { sql: timestampLiteral(value.literal, value.at), type, at, metadata };
    }
    if (!isText(value.type) && value.type !== 'TIMESTAMP' && value.type !== 'NULL') throw refusal;
    return { sql: `${value.sql}::timestamp`, type, at, metadata };
  }
  if (type === 'CHAR' || type === 'VARCHAR') {
    if (target.length !== undefined && (target.length < 1 || target.length > 10_000_000)) {
      throw new Fault(`${type} has a length of ${target.length}`, at, { expected: ['1 to 10000000'] });
    }
    const text = concatenable(value);
    const sql = target.length === undefined ? text : `${text}::varchar(${target.length})::text`;
    return { sql, type, at, metadata };
  }
  const number = CAST_TYPES[type] ?? 'double precision';
  if (!isNumber(value.type) && !isText(value.type) && value.type !== 'NULL') throw refusal;
  return { sql: `${value.sql}::${number}`, type, at, metadata };
}

function call(node: Call, scope: Scope, context: Context): Value {
  if (node.name === 'COALESCE') return coalesce(node, scope, context);
  return compileFunction(node, scope, context, (argument) => context.value(argument, scope));
}

function coalesce({ args, at }: Call, scope: Scope, context: Context): Value {
  const values = args.map((argument) => context.value(argument, scope));
  for (const value of values) refuseGeometry(value, 'COALESCE');
  const [first] = values;
  const known = values.find(({ type }) => type !== 'NULL') ?? first;
  if (known === undefined) throw new Fault('COALESCE has no arguments', at);
  const sqls = values.map((value) => comparable(known, value, 'COALESCE').right);
  const type = values.reduce<ValueType>(
    (all, value) => (isNumber(value.type) ? widerOf(all, value.type) : all),
    known.type,
  );
  const cast = isNumber(type) && !isExact(type) && CAST_TYPES[type] ? `::${CAST_TYPES[type]}` : '';
  return { sql: `coalesce(${sqls.join(', ')})${cast}`, type, at, metadata: first === known ? withoutPlace(known) : {} };
}

/** A fallback changes no unit and no UCD, but the description is of the column alone. */
function withoutPlace({ metadata: { unit, ucd } }: Value): Value['metadata'] {
  return { ...(unit !== undefined && { unit }), ...(ucd !== undefined && { ucd }) };
}
