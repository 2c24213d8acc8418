import { Context } from '../compile/context';
import { nearestName } from '../compile/names';
import { refuseGeometry } from '../compile/output';
import { Scope } from '../compile/scope';
import { doubleSql, isExact, Metadata, numberSql, textSql, Value, ValueType } from '../compile/value';
import { constructGeometry } from '../geometry/constructors';
import { measure } from '../geometry/measures';
import { Call, Expression } from '../grammar/ast';
import { Fault } from '../grammar/fault';
import { compileUserDefined } from './compile-user-defined';
import { SIGNATURES } from './signatures';
import { inUnit } from './units';
import { isAggregate, isKnownFunction, knownFunctions } from './user-defined';

/**
 * Compiles a call of any function but COALESCE.
 * @throws {Fault}
 */
export function compileFunction(
  call: Call,
  scope: Scope,
  context: Context,
  valueOf: (expression: Expression) => Value,
): Value {
  const { name, at, args } = call;
  if (!isKnownFunction(name)) {
    const nearest = nearestName(name, knownFunctions());
    throw new Fault(`unknown function ${name}`, at, { ...(nearest !== undefined && { nearest }) });
  }
  if (isAggregate(name)) {
    return inAggregate(
      call,
      scope,
      (values) => (SIGNATURES.has(name) ? aggregate(call, values) : undefined),
      context,
      valueOf,
    );
  }
  const signature = SIGNATURES.get(name);
  const { group } = signature ?? { group: 'user-defined' };
  if (group === 'geometry') return constructGeometry(call, valueOf, context);
  const values = args.map(valueOf);
  if (group === 'measure') return measure(call, values, context);
  if (group === 'mathematics') return mathematics(call, values);
  if (group === 'text') return text(call, values);
  if (name === 'IN_UNIT') return inUnit(call, values);
  return compileUserDefined(call, values, context);
}

function inAggregate(
  call: Call,
  scope: Scope,
  standard: (values: readonly Value[]) => Value | undefined,
  context: Context,
  valueOf: (expression: Expression) => Value,
): Value {
  const { name, at } = call;
  if (scope.aggregates === 'forbidden') {
    throw new Fault(`the aggregate function ${name} is not allowed here`, at, { expected: ['it in SELECT or HAVING'] });
  }
  if (scope.aggregates === 'argument') throw new Fault('an aggregate function is an argument of another', at);
  scope.aggregates = 'argument';
  const values = call.args.map(valueOf);
  scope.aggregates = 'allowed';
  scope.hasAggregate = true;
  return standard(values) ?? compileUserDefined(call, values, context);
}

function aggregate({ name, star, quantifier, at }: Call, values: readonly Value[]): Value {
  if (star) return { sql: 'count(*)', type: 'BIGINT', at, metadata: {} };
  const value = values[0] as Value;
  const distinct = quantifier === 'DISTINCT' ? 'DISTINCT ' : '';
  if (name === 'COUNT') {
    if (distinct) refuseGeometry(value, 'COUNT(DISTINCT ...)');
    return { sql: `count(${distinct}${value.sql})`, type: 'BIGINT', at, metadata: {} };
  }
  refuseGeometry(value, name);
  const { unit, ucd, datatype, arraysize, xtype } = value.metadata;
  if (name === 'MIN' || name === 'MAX') {
    if (value.type === 'BOOLEAN') throw new Fault(`${name} takes no truth value`, value.at);
    const metadata: Metadata = { unit, ucd, datatype, arraysize, xtype };
    const sql = value.type === 'NULL' ? 'NULL::text' : value.sql;
    return { sql: `${name.toLowerCase()}(${distinct}${sql})`, type: value.type, at, metadata };
  }
  const sql = numberSql(value, name);
  if (name === 'AVG') {
    return { sql: `avg(${distinct}${sql})::double precision`, type: 'DOUBLE', at, metadata: { unit } };
  }
  const type: ValueType = isExact(value.type) ? 'BIGINT' : value.type === 'REAL' ? 'REAL' : 'DOUBLE';
  const cast = type === 'BIGINT' ? '::bigint' : '';
  return { sql: `sum(${distinct}${sql})${cast}`, type, at, metadata: { unit } };
}

/** Functions of one double that have the same name, or another one, in PostgreSQL. */
const SQL_NAMES: Readonly<Record<string, string>> = {
  CEILING: 'ceil',
  LOG: 'ln',
  LOG10: 'log',
};

/** §2.3: the values are doubles, except that ABS and MOD of integers are integers. */
function mathematics({ name, at }: Call, values: readonly Value[]): Value {
  const [first, second] = values;
  const double = (sql: string, metadata: Metadata = {}): Value => ({ sql, type: 'DOUBLE', at, metadata });
  if (name === 'PI') return double('pi()');
  if (name === 'RAND') return double('random()');
  if (first === undefined) throw new Fault(`${name} has no argument`, at);
  if (name === 'ABS') {
    const { unit } = first.metadata;
    const type = first.type === 'NULL' ? 'DOUBLE' : first.type;
    return { sql: `abs(${numberSql(first, name)})`, type, at, metadata: { unit } };
  }
  if (name === 'MOD' && second !== undefined && isExact(first.type) && isExact(second.type)) {
    const type = first.type === second.type ? first.type : 'BIGINT';
    return { sql: `mod(${first.sql}, ${second.sql})${type === 'BIGINT' ? '::bigint' : ''}`, type, at, metadata: {} };
  }
  const x = doubleSql(first, name);
  if (name === 'ROUND' || name === 'TRUNCATE') {
    const digits = typeof second?.literal === 'number' ? second.literal : 0;
    return double(`${name === 'ROUND' ? 'round' : 'trunc'}((${x})::numeric, ${digits})::double precision`, {
      unit: first.metadata.unit,
    });
  }
  if (second !== undefined) {
    const y = doubleSql(second, name);
    if (name === 'MOD') return double(`mod((${x})::numeric, (${y})::numeric)::double precision`);
    return double(`${name.toLowerCase()}(${x}, ${y})`);
  }
  return double(`${SQL_NAMES[name] ?? name.toLowerCase()}(${x})`);
}

function text({ name, at }: Call, values: readonly Value[]): Value {
  const sql = values.map((value) => textSql(value, name)).join();
  return { sql: `${name.toLowerCase()}(${sql})`, type: 'VARCHAR', at, metadata: {} };
}
