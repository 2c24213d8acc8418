import { Context } from '../compile/context';
import { doubleLiteral } from '../compile/literal';
import { Condition, Geometry, StoredRegion, Value } from '../compile/value';
import { boundsOf } from '../sphere/shape';
import { shapeOf } from './constructors';
import { indexCondition } from './sky-index';

type Relation = 'sky_within' | 'sky_intersects';

/**
 * CONTAINS(inner, outer): boundaries belong to both.
 * @throws {Fault}
 */
export function isWithin(inner: Value, outer: Value, context: Context): Condition {
  return relation('sky_within', inner, outer, context);
}

/** INTERSECTS(a, b). @throws {Fault} */
export function intersects(a: Value, b: Value, context: Context): Condition {
  return relation('sky_intersects', a, b, context);
}

/** The index first, then bounding circles, and the shapes only where these do not decide. */
function relation(name: Relation, a: Value, b: Value, context: Context): Condition {
  const [shapeA, shapeB] = [shapeOf(a, context), shapeOf(b, context)];
  const exact = context.call(name, shapeA, shapeB);
  const [storedA, storedB] = [a.geometry?.stored, b.geometry?.stored];
  const [stored, other, otherShape, otherIsA] =
    storedB !== undefined ? ([storedB, a, shapeA, true] as const) : ([storedA, b, shapeB, false] as const);
  if (stored !== undefined) {
    const target = { shape: otherShape, parts: other.geometry?.parts };
    return all([
      ...(stored.box === undefined ? [] : [indexCondition(stored.box, '&&', target, context)]),
      ...(target.parts === undefined ? [exact] : byCircles(name, stored, otherIsA, target.parts, exact)),
    ]);
  }
  const near = pointCondition(a.geometry, b, shapeB, context) ?? pointCondition(b.geometry, a, shapeA, context);
  const distance = byDistance(a, b, context) ?? (name === 'sky_intersects' ? byDistance(b, a, context) : undefined);
  return all([...(near === undefined ? [] : [near]), distance ?? exact]);
}

function all(conditions: readonly string[]): Condition {
  return { sql: conditions.length === 1 ? (conditions[0] ?? '') : `(${conditions.join(' AND ')})` };
}

function pointCondition(
  point: Geometry | undefined,
  other: Value,
  shape: string,
  context: Context,
): string | undefined {
  if (point?.indexedPoint === undefined) return undefined;
  return indexCondition(point.indexedPoint, '<@', { shape, parts: other.geometry?.parts }, context);
}

/** A point in a circle, both with coordinates: their distance decides. */
function byDistance({ geometry: point }: Value, { geometry: circle }: Value, context: Context): string | undefined {
  if (point?.type !== 'POINT' || circle?.type !== 'CIRCLE') return undefined;
  const [longitude, latitude] = point.coordinates ?? [];
  const [centre1, centre2, radius] = circle.coordinates ?? [];
  if (longitude === undefined || latitude === undefined) return undefined;
  if (centre1 === undefined || centre2 === undefined || radius === undefined) return undefined;
  return `(${context.call('sky_distance', longitude, latitude, centre1, centre2)} <= ${radius})`;
}

/** Compares the bounding circle of a stored region with that of a constant, as chords of the unit sphere. */
function byCircles(
  name: Relation,
  { x, y, z, radius }: StoredRegion,
  constantIsInner: boolean,
  parts: NonNullable<Geometry['parts']>,
  exact: string,
): string[] {
  const { centre, radius: reach } = boundsOf(parts);
  const [cx, cy, cz] = centre.map(doubleLiteral);
  const chord = `((${x} - ${cx}) ^ 2 + (${y} - ${cy}) ^ 2 + (${z} - ${cz}) ^ 2)`;
  const within = (angle: string): string => `${chord} <= 4 * sin(${angle} / 2) ^ 2`;
  const limit = doubleLiteral(reach);
  const touches = within(reach === 0 ? radius : `least(${radius} + ${limit}, pi())`);
  const isCircle = parts.length === 1 && parts[0]?.kind === 'circle' && reach > 0;
  const holdsAll = isCircle && (name === 'sky_intersects' || !constantIsInner);
  if (!holdsAll) return [touches, exact];
  return [touches, `(${radius} <= ${limit} AND ${within(`(${limit} - ${radius})`)} OR ${exact})`];
}
