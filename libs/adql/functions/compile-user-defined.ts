import { boundsOf } from '../compile/comparison';
import { Context } from '../compile/context';
import { patternSql } from '../compile/pattern';
import { textLiteral, timestampLiteral } from '../compile/literal';
import { Condition, doubleSql, isExact, kindOf, numberSql, textSql, truth, Value } from '../compile/value';
import { pointOf, rangeOf, shapeOf, transformed } from '../geometry/constructors';
import { Call } from '../grammar/ast';
import { Fault } from '../grammar/fault';

/** One function, or several of the same name with other arguments. */
interface Definition {
  /** Numbers of arguments. */
  arguments: readonly number[];
  compile(values: readonly Value[], call: Call, context: Context): Omit<Value, 'at' | 'metadata'> & Partial<Value>;
}

/** The IVOA's catalogue of user-defined functions 1.2, by name in upper case. */
const DEFINITIONS: Readonly<Record<string, Definition>> = {
  IVO_HEALPIX_INDEX: {
    arguments: [2, 3],
    compile: (values, { at }, context) => {
      const [order, first, second] = values;
      const shape =
        second === undefined
          ? shapeOf(need(first, at), context)
          : context.call('sky_point', doubleSql(need(first, at), NAME), doubleSql(second, NAME));
      return { sql: context.call('sky_healpix', integerSql(need(order, at), 'integer'), shape), type: 'BIGINT' };
    },
  },
  IVO_HEALPIX_CENTER: {
    arguments: [2],
    compile: ([order, index], { at }, context) =>
      pointOf(
        context.call(
          'sky_healpix_center',
          integerSql(need(order, at), 'integer'),
          integerSql(need(index, at), 'bigint'),
        ),
      ),
  },
  IVO_EPOCH_PROP_POS: {
    arguments: [8],
    compile: (values, _call, context) =>
      pointOf(context.call('sky_moved', ...values.map((value) => doubleSql(value, 'IVO_EPOCH_PROP_POS')))),
  },
  IVO_GEOM_TRANSFORM: {
    arguments: [3],
    compile: ([from, to, geometry], { at }, context) =>
      transformed(need(from, at), need(to, at), need(geometry, at), context),
  },
  IVO_TO_JD: { arguments: [1], compile: ([value], { at }) => days(need(value, at), '2440587.5') },
  IVO_TO_MJD: { arguments: [1], compile: ([value], { at }) => days(need(value, at), '40587') },
  IVO_STRING_AGG: {
    arguments: [2],
    compile: (values, { quantifier }) => {
      const [text = '', delimiter = ''] = values.map((value) => textSql(value, 'IVO_STRING_AGG'));
      const distinct = quantifier === 'DISTINCT' ? 'DISTINCT ' : '';
      return { sql: `string_agg(${distinct}${text}, ${delimiter})`, type: 'VARCHAR' };
    },
  },
  IVO_NOCASEMATCH: {
    arguments: [2],
    compile: ([value, pattern], { at }) =>
      truth({ sql: `(${textSql(need(value, at), NAME)} ILIKE ${patternSql(need(pattern, at), NAME)})` }),
  },
  IVO_HASWORD: {
    arguments: [2],
    compile: ([haystack, needle], { at }, context) => truth(hasWords(need(haystack, at), need(needle, at), context)),
  },
  IVO_HASHLIST_HAS: {
    arguments: [2],
    compile: (values) => {
      const [list = '', item = ''] = values.map((value) => textSql(value, 'IVO_HASHLIST_HAS'));
      return truth({ sql: `(lower(${item}) = ANY (string_to_array(lower(${list}), '#')))` });
    },
  },
  IVO_HISTOGRAM: {
    arguments: [4],
    compile: (values, { at }, context) => {
      const [value = '', low = '', high = ''] = values.slice(0, 3).map((one) => doubleSql(one, 'IVO_HISTOGRAM'));
      const bins = context.call('ivo_histogram', value, low, high, integerSql(need(values[3], at), 'integer'));
      const metadata = { datatype: 'int', arraysize: '*' };
      return { sql: `array_to_string(${bins}, ' ')`, type: 'VARCHAR', metadata };
    },
  },
  IVO_INTERVAL_OVERLAPS: { arguments: [4], compile: (values) => truth(overlap(values)) },
  RANGE_S2D: { arguments: [4], compile: (values, { at }, context) => rangeOf(values, at, context) },
};

const NAME = 'the function';

/**
 * Compiles a call of a user-defined function that exists.
 * @throws {Fault}
 */
export function compileUserDefined(call: Call, values: readonly Value[], context: Context): Value {
  const definition = DEFINITIONS[call.name];
  if (definition === undefined) throw new Fault(`unknown function ${call.name}`, call.at);
  if (!definition.arguments.includes(values.length)) {
    throw new Fault(`${call.name} has ${values.length} arguments`, call.at, {
      expected: [definition.arguments.join(' or ')],
    });
  }
  return { metadata: {}, ...definition.compile(values, call, context), at: call.at };
}

function need(value: Value | undefined, at: number): Value {
  if (value === undefined) throw new Fault('an argument is missing', at);
  return value;
}

function integerSql(value: Value, type: 'integer' | 'bigint'): string {
  if (!isExact(value.type) && value.type !== 'NULL') {
    throw new Fault(`${kindOf(value)} that may have a fraction is no integer`, value.at, { expected: ['an integer'] });
  }
  return `${numberSql(value, NAME)}::${type}`;
}

function days(value: Value, epoch: string): Pick<Value, 'sql' | 'type'> & Partial<Value> {
  const timestamp =
    typeof value.literal === 'string'
      ? timestampLiteral(value.literal, value.at)
      : value.type === 'TIMESTAMP' || value.type === 'NULL'
        ? `${value.sql}::timestamp`
        : undefined;
  if (timestamp === undefined) {
    throw new Fault(`${kindOf(value)} is no timestamp`, value.at, {
      expected: ['a timestamp, or CAST(... AS TIMESTAMP)'],
    });
  }
  const sql = `(extract(epoch FROM ${timestamp})::double precision / 86400 + ${epoch})`;
  return { sql, type: 'DOUBLE', metadata: { unit: 'd' } };
}

/** An index of trigrams serves the regular expressions of constant words. */
function hasWords(haystack: Value, needle: Value, context: Context): Condition {
  const text = textSql(haystack, 'IVO_HASWORD');
  if (typeof needle.literal !== 'string') {
    return { sql: context.call('has_words', text, textSql(needle, 'IVO_HASWORD')) };
  }
  const words = needle.literal.match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length === 0) return { sql: `(${text} IS NOT NULL)` };
  if (words.length > 100) throw new Fault('IVO_HASWORD has more than 100 words', needle.at);
  return { sql: `(${words.map((word) => `${text} ~* ${textLiteral(`\\m${word}\\M`)}`).join(' AND ')})` };
}

function overlap(values: readonly Value[]): Condition {
  const sqls = values.map((value) => numberSql(value, 'IVO_INTERVAL_OVERLAPS'));
  const [a1 = '', b1 = '', a2 = '', b2 = ''] = sqls;
  const bounds = [
    ...values.slice(0, 1).flatMap((value) => boundsOf(value, '<=', b2)),
    ...values.slice(1, 2).flatMap((value) => boundsOf(value, '>=', a2)),
    ...values.slice(2, 3).flatMap((value) => boundsOf(value, '<=', b1)),
    ...values.slice(3, 4).flatMap((value) => boundsOf(value, '>=', a1)),
  ];
  return { sql: `(${a1} <= ${b2} AND ${a2} <= ${b1} AND ${a1} <= ${b1} AND ${a2} <= ${b2})`, bounds };
}
