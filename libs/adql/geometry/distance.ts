import { Context } from '../compile/context';
import { doubleSql, isNumber, Value } from '../compile/value';
import { Call, Expression } from '../grammar/ast';
import { circle, position, ShapeError } from '../sphere/shape';
import { coordinatesOf, indexedPointOf, shapeOf } from './constructors';
import { indexCondition, Target } from './sky-index';

/**
 * DISTANCE of two points, or of four coordinates, in degrees.
 * @throws {Fault}
 */
export function distance(values: readonly Value[], context: Context): string {
  const [a, b] = values;
  if (values.length === 4) {
    return context.call('sky_distance', ...values.map((value) => doubleSql(value, 'DISTANCE')));
  }
  if (a === undefined || b === undefined) throw new RangeError('DISTANCE has two or four arguments');
  const all = [a, b].flatMap(({ geometry }) => geometry?.coordinates?.slice(0, 2) ?? []);
  if (a.type === 'POINT' && b.type === 'POINT' && all.length === 4) return context.call('sky_distance', ...all);
  return context.call('sky_separation', shapeOf(a, context), shapeOf(b, context));
}

/**
 * Returns the condition of an index that follows from `DISTANCE(...) < limit` (§4.2.7, the preferred form of a
 * crossmatch); undefined if no index serves it.
 * @throws {Fault}
 */
export function distanceBound(
  { args }: Call,
  limit: Value,
  valueOf: (value: Expression) => Value,
  context: Context,
): string | undefined {
  if (!isNumber(limit.type)) return undefined;
  const values = args.map(valueOf);
  const pairs = values.length === 4 ? [values.slice(0, 2), values.slice(2)] : values.map((value) => [value]);
  const [first, second] = pairs.map((pair) => endOf(pair, context));
  if (first === undefined || second === undefined) return undefined;
  const [end, other] = first.index !== undefined ? [first, second] : [second, first];
  if (end.index === undefined) return undefined;
  return indexCondition(end.index, '<@', circleAround(other.coordinates, limit, context), context);
}

interface End {
  index: string | undefined;
  coordinates: readonly [Value, Value];
}

function endOf(pair: readonly Value[], context: Context): End | undefined {
  const [first, second] = pair;
  if (first !== undefined && second !== undefined) {
    return { index: indexedPointOf(first, second), coordinates: [first, second] };
  }
  if (first?.type !== 'POINT') return undefined;
  return { index: first.geometry?.indexedPoint, coordinates: coordinatesOf(first, context) };
}

function circleAround([longitude, latitude]: readonly [Value, Value], limit: Value, context: Context): Target {
  const sqls = [longitude, latitude].map((value) => doubleSql(value, 'DISTANCE'));
  const radius = `greatest(0, least(180, ${doubleSql(limit, 'DISTANCE')}))`;
  const shape = context.call('sky_circle', ...sqls, radius);
  const [a, b, c] = [longitude.literal, latitude.literal, limit.literal];
  if (typeof a !== 'number' || typeof b !== 'number' || typeof c !== 'number') return { shape };
  try {
    return { shape, parts: [circle(position(a, b), Math.max(0, Math.min(180, c)))] };
  } catch (error) {
    if (error instanceof ShapeError) return { shape };
    throw error;
  }
}
