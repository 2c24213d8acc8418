import { SIGNATURES } from '../functions/signatures';
import { Call, Condition, Expression, Query, QueryExpression, Select, SetOperand, TableReference } from './ast';
import { Fault } from './fault';
import { RESERVED_WORDS } from './reserved-words';

/** Limits of a query's parts. Each list is one level of a tree that PostgreSQL walks with its stack. */
export const PART_LIMITS = {
  /** Operators in a row: `a + b + c`, `a AND b AND c`, `a || b || c`. */
  operators: 1_000,
  /** Values of an IN list, arguments of a function. */
  list: 10_000,
  tables: 50,
  setOperators: 50,
  commonTables: 50,
} as const;

const CONDITIONS: ReadonlySet<string> = new Set<Condition['kind']>([
  'comparison',
  'between',
  'in',
  'like',
  'isNull',
  'exists',
  'and',
  'or',
  'not',
]);

/** Returns true for what WHERE takes, false for what SELECT takes. */
export function isCondition(expression: Expression): expression is Condition {
  return CONDITIONS.has(expression.kind);
}

/**
 * Checks what the grammar leaves open: that conditions are where conditions belong, numbers of arguments, limits.
 * @throws {Fault}
 */
export function checkQuery(query: Query): void {
  if (query.with.length > PART_LIMITS.commonTables) {
    throw new Fault(`WITH declares more than ${PART_LIMITS.commonTables} tables`, query.with[0]?.name.at ?? 0);
  }
  const counts = { tables: 0, joins: 0, setOperators: 0 };
  for (const { query: common } of query.with) checkExpressionOf(common, counts);
  checkExpressionOf(query.main, counts);
}

interface Counts {
  tables: number;
  joins: number;
  setOperators: number;
}

function checkExpressionOf(query: QueryExpression, counts: Counts): void {
  checkOperand(query.body, counts);
  for (const { value } of query.orderBy) checkValue(value, counts);
}

function checkOperand(operand: SetOperand, counts: Counts): void {
  if (operand.kind === 'select') return checkSelect(operand, counts);
  if (operand.kind === 'query') return checkExpressionOf(operand, counts);
  if (++counts.setOperators > PART_LIMITS.setOperators) {
    throw new Fault(`the query has more than ${PART_LIMITS.setOperators} set operators`, operand.at);
  }
  checkOperand(operand.left, counts);
  checkOperand(operand.right, counts);
}

function checkSelect(select: Select, counts: Counts): void {
  limit(select.items, PART_LIMITS.list, 'columns', select.at);
  for (const item of select.items) if (item.kind === 'item') checkValue(item.value, counts);
  for (const table of select.from) checkTable(table, counts);
  if (select.where) checkCondition(select.where, counts);
  for (const value of select.groupBy) checkValue(value, counts);
  if (select.having) checkCondition(select.having, counts);
}

function checkTable(table: TableReference, counts: Counts): void {
  // A join is counted on the way down: the left side of a join is the joins before it.
  if (++counts[table.kind === 'join' ? 'joins' : 'tables'] > PART_LIMITS.tables) {
    throw new Fault(`the query names more than ${PART_LIMITS.tables} tables`, table.at);
  }
  if (table.kind !== 'join') {
    if (table.kind === 'derived') checkExpressionOf(table.query, counts);
    if (table.kind === 'table' && table.path.length > 3) {
      throw new Fault('the name of a table has more than three parts', table.at, {
        expected: ['catalogue.schema.table'],
      });
    }
    return;
  }
  checkTable(table.left, counts);
  checkTable(table.right, counts);
  const conditional = table.on !== undefined || table.using !== undefined;
  if (table.natural && conditional) throw new Fault('a NATURAL JOIN has no ON and no USING', table.at);
  if (table.explicit && !table.natural && !conditional) {
    throw new Fault('an INNER JOIN has no condition', table.at, { expected: ['ON', 'USING'] });
  }
  if (table.on) checkCondition(table.on, counts);
}

function checkCondition(expression: Expression, counts: Counts): void {
  if (!isCondition(expression)) {
    throw new Fault('a value is not a condition', expression.at, { expected: ['a comparison, such as "... = 1"'] });
  }
  switch (expression.kind) {
    case 'and':
    case 'or':
      limit(expression.terms, PART_LIMITS.operators, 'conditions in a row', expression.at);
      return expression.terms.forEach((term) => checkCondition(term, counts));
    case 'not':
      return checkCondition(expression.value, counts);
    case 'exists':
      return checkExpressionOf(expression.query, counts);
    case 'comparison':
      return [expression.left, expression.right].forEach((side) => checkValue(side, counts));
    case 'between':
      return [expression.value, expression.low, expression.high].forEach((part) => checkValue(part, counts));
    case 'like':
      return [expression.value, expression.pattern].forEach((part) => checkPlain(part, counts));
    case 'isNull':
      return checkValue(expression.value, counts);
    case 'in':
      checkValue(expression.value, counts);
      if (!Array.isArray(expression.list)) return checkExpressionOf(expression.list, counts);
      limit(expression.list, PART_LIMITS.list, 'values in a list (upload a table instead)', expression.at);
      return expression.list.forEach((value) => checkValue(value, counts));
  }
}

function checkValue(value: Expression, counts: Counts): void {
  if (isCondition(value)) {
    throw new Fault('a condition is not a value', value.at, { expected: ['a value, such as a column or a number'] });
  }
  switch (value.kind) {
    case 'column':
      if (value.path.length > 4) {
        throw new Fault('the name of a column has more than four parts', value.at, {
          expected: ['catalogue.schema.table.column'],
        });
      }
      return;
    case 'number':
    case 'string':
    case 'null':
      return;
    case 'sign':
      return checkPlain(value.value, counts);
    case 'cast':
      return checkPlain(value.value, counts);
    case 'arithmetic':
      limit(value.rest, PART_LIMITS.operators, 'operators in a row', value.at);
      checkPlain(value.first, counts);
      return value.rest.forEach((term) => checkPlain(term.value, counts));
    case 'concatenation':
      limit(value.parts, PART_LIMITS.operators, 'operators in a row', value.at);
      return value.parts.forEach((part) => checkPlain(part, counts));
    case 'call':
      limit(value.args, PART_LIMITS.list, 'arguments', value.at);
      checkCall(value);
      return value.args.forEach((argument) => checkValue(argument, counts));
  }
}

/** Checks a value that is no geometry. */
function checkPlain(value: Expression, counts: Counts): void {
  if (value.kind === 'call' && SIGNATURES.get(value.name)?.group === 'geometry') {
    throw new Fault(`${value.name} is a geometry`, value.at, { expected: ['a number or a text'] });
  }
  checkValue(value, counts);
}

function checkCall(call: Call): void {
  const { name, args, at } = call;
  const signature = SIGNATURES.get(name);
  if (signature === undefined) {
    if (RESERVED_WORDS.has(name)) throw new Fault(`${name} is a reserved word, and not a function`, at);
    if (call.quantifier) throw new Fault(`${call.quantifier} belongs to an aggregate function`, at);
    return;
  }
  if (call.star) return;
  if (call.quantifier && signature.group !== 'aggregate') {
    throw new Fault(`${call.quantifier} belongs to an aggregate function`, at);
  }
  const { min, max } = signature;
  if (args.length < min || args.length > max || (name === 'DISTANCE' && args.length === 3)) {
    throw new Fault(`${name} has ${args.length} arguments`, at, { expected: [ARGUMENTS[name] ?? countOf(min, max)] });
  }
  const shape = SHAPES[name];
  if (shape && !shape(withoutCoordinateSystem(args))) {
    throw new Fault(`${name} has other arguments`, at, { expected: [ARGUMENTS[name] ?? ''] });
  }
  const integer = ['ROUND', 'TRUNCATE'].includes(name) ? args[1] : name === 'RAND' ? args[0] : undefined;
  if (integer && !isInteger(integer)) {
    throw new Fault(`${name} takes an integer here`, integer.at, { expected: ['digits'] });
  }
  const text = name === 'IN_UNIT' ? args[1] : name === 'REGION' ? args[0] : undefined;
  if (text && text.kind !== 'string') {
    throw new Fault(`${name} takes a text here`, text.at, { expected: ['a text in single quotes'] });
  }
}

const ARGUMENTS: Readonly<Record<string, string>> = {
  DISTANCE: 'two points, or four numbers',
  POINT: 'longitude, latitude',
  CIRCLE: 'longitude, latitude, radius, or a point and a radius',
  BOX: 'longitude, latitude, width, height, or a point, a width and a height',
  POLYGON: 'longitude and latitude of at least three vertices, or at least three points',
};

/** Forms of the arguments (§4.2), without the coordinate system. */
const SHAPES: Readonly<Record<string, (args: readonly Expression[]) => boolean>> = {
  POINT: (args) => args.length === 2,
  CIRCLE: (args) => args.length === 3 || (args.length === 2 && args.slice(0, 1).every(mayBePoint)),
  BOX: (args) => args.length === 4 || (args.length === 3 && args.slice(0, 1).every(mayBePoint)),
  POLYGON: (args) =>
    (args.length >= 6 && args.length % 2 === 0) || (args.length >= 3 && args.every((arg) => mayBePoint(arg))),
};

/** Leaves out the coordinate system that versions before 2.1 put first. */
export function withoutCoordinateSystem(args: readonly Expression[]): readonly Expression[] {
  const [first] = args;
  return first?.kind === 'string' || first?.kind === 'null' ? args.slice(1) : args;
}

/** `coord_value` of the BNF. */
export function mayBePoint(value: Expression): boolean {
  if (value.kind === 'column') return true;
  return value.kind === 'call' && (value.name === 'POINT' || value.name === 'CENTROID' || !SIGNATURES.has(value.name));
}

function isInteger(value: Expression): boolean {
  if (value.kind === 'sign') return isInteger(value.value);
  return value.kind === 'number' && /^[0-9]{1,4}$/.test(value.text);
}

function countOf(min: number, max: number): string {
  if (min === max) return `${min}`;
  return max === Infinity ? `at least ${min}` : `${min} or ${max}`;
}

function limit(list: readonly unknown[], most: number, what: string, at: number): void {
  if (list.length > most) throw new Fault(`there are more than ${most} ${what}`, at);
}
