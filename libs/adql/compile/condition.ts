import { Between, Call, Comparison, Expression, In, Like } from '../grammar/ast';
import { isCondition } from '../grammar/check-query';
import { Fault } from '../grammar/fault';
import { distanceBound } from '../geometry/distance';
import { boundsOf, comparable, compareValues, intervalConditions } from './comparison';
import { Context } from './context';
import { timestampText } from './literal';
import { patternSql } from './pattern';
import { Scope } from './scope';
import { Condition, textSql, Value } from './value';

/**
 * Compiles a condition.
 * @throws {Fault}
 */
export function compileCondition(expression: Expression, scope: Scope, context: Context): Condition {
  if (!isCondition(expression)) throw new Fault('a value is not a condition', expression.at);
  const valueOf = (value: Expression): Value => context.value(value, scope);
  switch (expression.kind) {
    case 'and': {
      const terms = expression.terms.map((term) => context.condition(term, scope));
      const bounds = terms.flatMap((term) => term.bounds ?? []);
      const sqls = [...intervalConditions(bounds), ...terms.map(({ sql }) => sql)];
      return { sql: `(${sqls.join(' AND ')})` };
    }
    case 'or':
      return { sql: `(${expression.terms.map((term) => context.condition(term, scope).sql).join(' OR ')})` };
    case 'not':
      return { sql: `(NOT ${context.condition(expression.value, scope).sql})` };
    case 'exists':
      return { sql: `EXISTS (${context.query(expression.query, scope, 'predicate').sql})` };
    case 'comparison':
      return comparison(expression, valueOf, context);
    case 'between':
      return between(expression, valueOf);
    case 'in':
      return inList(expression, scope, context, valueOf);
    case 'like':
      return like(expression, valueOf);
    case 'isNull':
      return { sql: `(${valueOf(expression.value).sql} IS ${expression.negated ? 'NOT ' : ''}NULL)` };
  }
}

type ValueOf = (value: Expression) => Value;

function comparison(node: Comparison, valueOf: ValueOf, context: Context): Condition {
  const [left, right] = [valueOf(node.left), valueOf(node.right)];
  const condition = compareValues(node, left, right);
  const { operator } = node;
  const index =
    (operator === '<' || operator === '<=') && isDistance(node.left)
      ? distanceBound(node.left, right, valueOf, context)
      : (operator === '>' || operator === '>=') && isDistance(node.right)
        ? distanceBound(node.right, left, valueOf, context)
        : undefined;
  return index === undefined ? condition : { ...condition, sql: `(${index} AND ${condition.sql})` };
}

function isDistance(expression: Expression): expression is Call {
  return expression.kind === 'call' && expression.name === 'DISTANCE';
}

function between({ value, low, high, negated }: Between, valueOf: ValueOf): Condition {
  const [middle, first, last] = [valueOf(value), valueOf(low), valueOf(high)];
  const lower = comparable(middle, first, 'BETWEEN');
  const upper = comparable(middle, last, 'BETWEEN');
  if (lower.left !== upper.left) throw new Fault('BETWEEN compares values of different types', last.at);
  const sql = `(${lower.left} ${negated ? 'NOT ' : ''}BETWEEN ${lower.right} AND ${upper.right})`;
  if (negated) return { sql };
  return {
    sql,
    bounds: [
      ...boundsOf(middle, '>=', lower.right),
      ...boundsOf(middle, '<=', upper.right),
      ...boundsOf(first, '<=', lower.left),
      ...boundsOf(last, '>=', upper.left),
    ],
  };
}

function inList({ value, list, negated, at }: In, scope: Scope, context: Context, valueOf: ValueOf): Condition {
  const wanted = valueOf(value);
  const not = negated ? 'NOT ' : '';
  if (Array.isArray(list)) {
    const values = list.map((element) => comparable(wanted, valueOf(element), 'IN').right);
    return { sql: `(${wanted.sql} ${not}IN (${values.join(', ')}))` };
  }
  const query = context.query(list, scope, 'predicate');
  const [column, ...more] = query.items;
  if (column === undefined || more.length > 0) {
    throw new Fault(`the query of IN has ${query.items.length} columns`, at, { expected: ['one column'] });
  }
  comparable(wanted, { sql: '', type: column.type, metadata: {}, at }, 'IN');
  return { sql: `(${wanted.sql} ${not}IN (${query.sql}))` };
}

function like({ value, pattern, negated, caseSensitive }: Like, valueOf: ValueOf): Condition {
  const operator = caseSensitive ? 'LIKE' : 'ILIKE';
  const subject = valueOf(value);
  const text = subject.type === 'TIMESTAMP' ? timestampText(subject.sql) : textSql(subject, operator);
  return { sql: `(${text} ${negated ? 'NOT ' : ''}${operator} ${patternSql(valueOf(pattern), operator)})` };
}
