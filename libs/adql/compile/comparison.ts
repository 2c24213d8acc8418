import { Comparison } from '../grammar/ast';
import { Fault } from '../grammar/fault';
import { timestampLiteral } from './literal';
import { refuseGeometry } from './output';
import { Bound, Condition, isNumber, isText, kindOf, Value } from './value';

/**
 * Returns SQL of two values that can be compared.
 * @param what compares them
 * @throws {Fault}
 */
export function comparable(left: Value, right: Value, what: string): { left: string; right: string } {
  for (const value of [left, right]) refuseGeometry(value, what);
  const same =
    left.type === right.type ||
    left.type === 'NULL' ||
    right.type === 'NULL' ||
    (isNumber(left.type) && isNumber(right.type)) ||
    (isText(left.type) && isText(right.type));
  if (same) return { left: printed(left), right: printed(right) };
  const converted = converting(left, right);
  if (converted !== undefined) return { left: left.sql, right: converted };
  const other = converting(right, left);
  if (other !== undefined) return { left: other, right: right.sql };
  const hint =
    typeof right.literal === 'string' && isNumber(left.type) && right.literal.trim() !== '' && !isNaN(+right.literal)
      ? { expected: [`${Number(right.literal)} without quotes`] }
      : {};
  throw new Fault(`${what} compares ${kindOf(left)} with ${kindOf(right)}`, right.at, hint);
}

/** A column that is always NULL is a text in SQL, which only NULL itself can be compared with. */
function printed({ type, sql }: Value): string {
  return type === 'NULL' ? 'NULL' : sql;
}

/** Returns SQL of a literal as the type of the value that it is compared with; undefined if it has no such form. */
function converting(value: Value, { literal, at }: Value): string | undefined {
  if (value.type === 'TIMESTAMP' && typeof literal === 'string') return timestampLiteral(literal, at);
  if (value.type !== 'BOOLEAN' || literal === undefined) return undefined;
  if (/^(1|t|true)$/i.test(String(literal))) return 'TRUE';
  return /^(0|f|false)$/i.test(String(literal)) ? 'FALSE' : undefined;
}

const MIRRORED = { '=': '=', '<>': '<>', '<': '>', '>': '<', '<=': '>=', '>=': '<=' } as const;

/** Compiles a comparison of two values. @throws {Fault} */
export function compareValues({ operator }: Comparison, left: Value, right: Value): Condition {
  const decided = comparesWithTruth(operator, left, right) ?? comparesWithTruth(operator, right, left);
  if (decided) return decided;
  const sides = comparable(left, right, `"${operator}"`);
  const bounds = [...boundsOf(left, operator, sides.right), ...boundsOf(right, MIRRORED[operator], sides.left)];
  return { sql: `(${sides.left} ${operator} ${sides.right})`, bounds };
}

/** `CONTAINS(...) = 1` is the condition itself. */
function comparesWithTruth(operator: string, { condition }: Value, { literal }: Value): Condition | undefined {
  if (condition === undefined || (literal !== 0 && literal !== 1)) return undefined;
  if (operator !== '=' && operator !== '<>') return undefined;
  return (literal === 1) === (operator === '=') ? condition : { sql: `(NOT ${condition.sql})` };
}

export function boundsOf({ column }: Value, operator: keyof typeof MIRRORED, value: string): Bound[] {
  if (column === undefined || operator === '<>') return [];
  return [
    ...(operator.startsWith('<') || operator === '=' ? [{ column, atMost: true, value }] : []),
    ...(operator.startsWith('>') || operator === '=' ? [{ column, atMost: false, value }] : []),
  ];
}

/** Adds what the indexes of intervals serve to a condition that is not part of another. */
export function withIntervals({ sql, bounds = [] }: Condition): string {
  return [...intervalConditions(bounds), sql].join(' AND ');
}

/** Returns the conditions that the indexes of intervals serve, and that follow from bounds of both ends. */
export function intervalConditions(bounds: readonly Bound[]): string[] {
  const sources = new Set(bounds.map(({ column }) => column.source));
  return [...sources].flatMap((source) =>
    source.intervals.flatMap(({ low, high, range, constructor }) => {
      const of = (name: string, atMost: boolean): string | undefined =>
        bounds.find(
          ({ column, value, atMost: kind }) =>
            column.source === source && column.name === name && kind === atMost && !mentions(value, source.alias),
        )?.value;
      const [above, below] = [of(low, true), of(high, false)];
      if (above === undefined || below === undefined) return [];
      const [first, last] = [`${below}::double precision`, `${above}::double precision`];
      return [`(${range} && ${constructor}(least(${first}, ${last}), greatest(${first}, ${last}), '[]'))`];
    }),
  );
}

/** An index cannot look for a value of its own row. */
function mentions(sql: string, alias: string): boolean {
  return new RegExp(`\\b${alias}(_|\\.|\\b)`).test(sql);
}
