import { angle, DEGREE, degreesOf, directionOf, Vector, vectorOf } from './vectors';

/**
 * Shapes on the sphere. In SQL a shape is one `double precision[]`: unit vector and radius (radians) of its bounding
 * circle, then its parts one after another. A part is: its number of vertices (0: circle, -1: range), its sign (1, or
 * -1 for a hole in the part with sign 1 before it), unit vector and radius of its own bounding circle, then a unit
 * vector for each vertex (polygon), or first longitude, width, lowest and highest latitude in degrees (range). A point
 * is a circle of radius 0. `geometry.sql.ts` reads and writes the same form.
 */
export type Part = Circle | Polygon | Range;

interface Bounded {
  hole: boolean;
  centre: Vector;
  /** In radians. */
  radius: number;
}
export interface Circle extends Bounded {
  kind: 'circle';
}
/** Edges are great circles; the inside is the side that fits into a hemisphere, whatever the order of vertices. */
export interface Polygon extends Bounded {
  kind: 'polygon';
  vertices: readonly Vector[];
}
/** Between two meridians and two parallels; in degrees. */
export interface Range extends Bounded {
  kind: 'range';
  longitude: number;
  width: number;
  low: number;
  high: number;
}

/** A shape that cannot exist; the message says why. */
export class ShapeError extends Error {}

/** Rounding must not leave a vertex outside of the bounding circle. */
const MARGIN = 1e-9;
const LARGEST = 89.99 * DEGREE;

/** @throws {ShapeError} */
export function position(longitude: number, latitude: number): Vector {
  if (!Number.isFinite(longitude)) throw new ShapeError(`longitude ${longitude} is not a number of degrees`);
  if (!(Math.abs(latitude) <= 90)) throw new ShapeError(`latitude ${latitude} is outside -90..90 degrees`);
  return vectorOf(longitude, latitude);
}

/**
 * @param radius in degrees
 * @throws {ShapeError}
 */
export function circle(centre: Vector, radius: number): Circle {
  if (!(radius >= 0 && radius <= 180)) throw new ShapeError(`radius ${radius} is outside 0..180 degrees`);
  return { kind: 'circle', hole: false, centre, radius: radius * DEGREE };
}

/** @throws {ShapeError} */
export function polygon(corners: readonly Vector[]): Polygon {
  const vertices = corners.filter((corner, index) => {
    const before = corners[(index + corners.length - 1) % corners.length];
    return before !== undefined && angle(before, corner) > 1e-12;
  });
  if (vertices.length < 3) throw new ShapeError('a polygon has fewer than three different vertices');
  const centre = directionOf(vertices);
  const radius = centre === undefined ? Math.PI : Math.max(...vertices.map((vertex) => angle(centre, vertex)));
  if (centre === undefined || radius > LARGEST) throw new ShapeError('a polygon does not fit into a hemisphere');
  return { kind: 'polygon', hole: false, centre, radius: radius + MARGIN, vertices };
}

/**
 * ADQL 2.1 §4.2.6: the sides are great circles at right angles to a cross; in the tangent plane of the centre this is a
 * rectangle.
 * @param width, height in degrees
 * @throws {ShapeError}
 */
export function box(centre: Vector, width: number, height: number): Polygon {
  for (const size of [width, height]) {
    if (!(size > 0 && size < 179)) throw new ShapeError(`a side of a box, ${size}, is outside 0..179 degrees`);
  }
  const [longitude, latitude] = degreesOf(centre);
  const east = vectorOf(longitude + 90, 0);
  const north = vectorOf(longitude, latitude + 90);
  const [x, y] = [Math.tan((width / 2) * DEGREE), Math.tan((height / 2) * DEGREE)];
  const corners = [
    [-x, -y],
    [x, -y],
    [x, y],
    [-x, y],
  ].flatMap(([right = 0, up = 0]) => {
    const plane = [0, 1, 2].map((axis) => at(centre, axis) + right * at(east, axis) + up * at(north, axis));
    return directionOf([[plane[0] ?? 0, plane[1] ?? 0, plane[2] ?? 0]]) ?? [];
  });
  return polygon(pairsOfThree(corners));
}

/**
 * ALMA's RANGE_S2D and SIA's RANGE: longitude from `west` eastwards to `east`.
 * @throws {ShapeError}
 */
export function range(west: number, east: number, low: number, high: number): Range {
  position(west, low);
  position(east, high);
  if (low > high) throw new ShapeError(`latitude ${low} is above ${high}`);
  const turn = east - west;
  const width = turn >= 360 ? 360 : turn < 0 ? turn - 360 * Math.floor(turn / 360) : turn;
  const centre = vectorOf(west + width / 2, (low + high) / 2);
  const corners = [low, high].map((latitude) => angle(centre, vectorOf(west, latitude)));
  // A range narrower than a hemisphere is farthest from its middle at a corner, or where a parallel turns back.
  const radius = width > 90 ? Math.PI : Math.max(...corners, ((high - low) / 2) * DEGREE);
  return { kind: 'range', hole: false, centre, radius: radius + MARGIN, longitude: mod360(west), width, low, high };
}

/** Bounding circle of a shape. */
export function boundsOf(parts: readonly Part[]): { centre: Vector; radius: number } {
  const [first, ...others] = parts.filter(({ hole }) => !hole);
  if (first === undefined) throw new ShapeError('a shape has no part that is not a hole');
  if (others.length === 0) return first;
  const centre = directionOf([first, ...others].map((part) => part.centre)) ?? first.centre;
  const radius = Math.max(...[first, ...others].map((part) => angle(centre, part.centre) + part.radius));
  return { centre, radius: Math.min(radius + MARGIN, Math.PI) };
}

/** Returns the SQL form of a shape. */
export function encodeShape(parts: readonly Part[]): number[] {
  const { centre, radius } = boundsOf(parts);
  return [...centre, radius, ...parts.flatMap(encodePart)];
}

function encodePart(part: Part): number[] {
  const bounds = [part.hole ? -1 : 1, ...part.centre, part.radius];
  if (part.kind === 'circle') return [0, ...bounds];
  if (part.kind === 'polygon') return [part.vertices.length, ...bounds, ...part.vertices.flat()];
  return [-1, ...bounds, part.longitude, part.width, part.low, part.high];
}

function mod360(degrees: number): number {
  return degrees - 360 * Math.floor(degrees / 360);
}

function at(vector: Vector, axis: number): number {
  return vector[axis] ?? 0;
}

function pairsOfThree(numbers: readonly number[]): Vector[] {
  return Array.from({ length: numbers.length / 3 }, (_, index) => [
    numbers[index * 3] ?? 0,
    numbers[index * 3 + 1] ?? 0,
    numbers[index * 3 + 2] ?? 0,
  ]);
}
