/**
 * Geometry on the sphere by other means than the library's: angles are added up around a point, arcs are walked by their
 * parameter, and curves that are no great circles are sampled.
 */
export type Vector = readonly [number, number, number];
export type Ring = readonly Vector[];
export type Part = { centre: Vector; radius: number } | { ring: Ring; holes: readonly Ring[] };
/** In degrees. */
export interface Range {
  west: number;
  width: number;
  low: number;
  high: number;
}
export type Query = { parts: readonly Part[] } | { range: Range };

const DEGREE = Math.PI / 180;

export function vector(longitude: number, latitude: number): Vector {
  const [a, d] = [longitude * DEGREE, latitude * DEGREE];
  return [Math.cos(d) * Math.cos(a), Math.cos(d) * Math.sin(a), Math.sin(d)];
}

export function degrees([x, y, z]: Vector): [number, number] {
  return [(((Math.atan2(y, x) / DEGREE) % 360) + 360) % 360, Math.asin(Math.max(-1, Math.min(1, z))) / DEGREE];
}

/** Returns the point at a distance and a position angle (radians). */
export function offset(from: Vector, distance: number, angle: number): Vector {
  const [longitude, latitude] = degrees(from);
  const north = vector(longitude, latitude + 90);
  const east = vector(longitude + 90, 0);
  return combine(
    [from, Math.cos(distance)],
    [north, Math.sin(distance) * Math.cos(angle)],
    [east, Math.sin(distance) * Math.sin(angle)],
  );
}

function combine(...terms: readonly (readonly [Vector, number])[]): Vector {
  const at = (axis: 0 | 1 | 2): number => terms.reduce((sum, [one, factor]) => sum + one[axis] * factor, 0);
  return [at(0), at(1), at(2)];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function separation(a: Vector, b: Vector): number {
  return 2 * Math.asin(Math.min(1, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) / 2));
}

function edges(ring: Ring): [Vector, Vector][] {
  return ring.map((end, index) => [ring[(index + ring.length - 1) % ring.length] ?? end, end]);
}

/** A point of an arc by its parameter, the angle from the start. */
function walk(start: Vector, end: Vector): { length: number; point(angle: number): Vector; side: Vector } {
  const length = separation(start, end);
  const raw = combine([end, 1], [start, -dot(start, end)]);
  const size = Math.hypot(...raw) || 1;
  const side = combine([raw, 1 / size]);
  return { length, side, point: (angle) => combine([start, Math.cos(angle)], [side, Math.sin(angle)]) };
}

function distanceToRing(point: Vector, ring: Ring): number {
  const distances = edges(ring).map(([start, end]) => {
    const arc = walk(start, end);
    const nearest = Math.atan2(dot(point, arc.side), dot(point, start));
    const clamped = [0, arc.length, ...(nearest > 0 && nearest < arc.length ? [nearest] : [])];
    return Math.min(...clamped.map((angle) => separation(point, arc.point(angle))));
  });
  return Math.min(...distances);
}

function ringHas(ring: Ring, point: Vector): boolean {
  const middle = combine(...ring.map((corner) => [corner, 1] as const));
  if (dot(middle, point) <= 0) return false;
  let total = 0;
  for (const [start, end] of edges(ring)) {
    const [a, b] = [start, end].map((corner) => combine([corner, 1], [point, -dot(corner, point)]));
    if (a === undefined || b === undefined) continue;
    const turn = dot(point, [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]);
    total += Math.atan2(turn, dot(a, b));
  }
  return Math.abs(total) > Math.PI;
}

function ringsCross(one: Ring, other: Ring): boolean {
  return edges(one).some(([a, b]) => {
    const arc = walk(a, b);
    return edges(other).some(([c, d]) => {
      const normal: Vector = [c[1] * d[2] - c[2] * d[1], c[2] * d[0] - c[0] * d[2], c[0] * d[1] - c[1] * d[0]];
      const base = Math.atan2(-dot(a, normal), dot(arc.side, normal));
      return [base - Math.PI, base, base + Math.PI].some((angle) => {
        if (angle < 0 || angle > arc.length) return false;
        const crossing = arc.point(angle);
        return separation(c, crossing) + separation(crossing, d) < separation(c, d) + 1e-12;
      });
    });
  });
}

function ringsMeet(one: Ring, other: Ring): boolean {
  return (
    one.some((corner) => ringHas(other, corner)) ||
    other.some((corner) => ringHas(one, corner)) ||
    ringsCross(one, other)
  );
}

function ringInRing(inner: Ring, outer: Ring): boolean {
  return inner.every((corner) => ringHas(outer, corner)) && !ringsCross(inner, outer);
}

function circleInRing(centre: Vector, radius: number, ring: Ring): boolean {
  return ringHas(ring, centre) && distanceToRing(centre, ring) >= radius;
}

export function partHas(part: Part, point: Vector): boolean {
  if ('radius' in part) return separation(part.centre, point) <= part.radius;
  return ringHas(part.ring, point) && !part.holes.some((hole) => ringHas(hole, point));
}

export function partsMeet(a: Part, b: Part): boolean {
  if ('radius' in a && 'radius' in b) return separation(a.centre, b.centre) <= a.radius + b.radius;
  if ('radius' in a && 'ring' in b) {
    const near = ringHas(b.ring, a.centre) || distanceToRing(a.centre, b.ring) <= a.radius;
    return near && !b.holes.some((hole) => circleInRing(a.centre, a.radius, hole));
  }
  if ('radius' in b) return partsMeet(b, a);
  if (!('ring' in a && 'ring' in b)) return false;
  return (
    ringsMeet(a.ring, b.ring) &&
    !b.holes.some((hole) => ringInRing(a.ring, hole)) &&
    !a.holes.some((hole) => ringInRing(b.ring, hole))
  );
}

/** Whether a part without holes is within another. */
export function partWithin(inner: Part, outer: Part): boolean {
  if ('radius' in outer) {
    if ('radius' in inner) return separation(inner.centre, outer.centre) + inner.radius <= outer.radius;
    return inner.ring.every((corner) => separation(outer.centre, corner) <= outer.radius);
  }
  if ('radius' in inner) {
    return (
      circleInRing(inner.centre, inner.radius, outer.ring) &&
      outer.holes.every((hole) => !ringHas(hole, inner.centre) && distanceToRing(inner.centre, hole) >= inner.radius)
    );
  }
  return ringInRing(inner.ring, outer.ring) && !outer.holes.some((hole) => ringsMeet(inner.ring, hole));
}

function rangeHas({ west, width, low, high }: Range, point: Vector): boolean {
  const [longitude, latitude] = degrees(point);
  return latitude >= low && latitude <= high && (((longitude - west) % 360) + 360) % 360 <= width;
}

const SAMPLES = 500;

/** Points of the outline of a range. */
export function outlineOf({ west, width, low, high }: Range): Vector[] {
  const steps = Array.from({ length: SAMPLES + 1 }, (_, index) => index / SAMPLES);
  return steps.flatMap((part) => [
    ...[low, high].map((latitude) => vector(west + part * width, latitude)),
    ...[west, west + width].map((longitude) => vector(longitude, low + part * (high - low))),
  ]);
}

/** Whether a part without holes meets a range; undefined if the samples are too coarse to say. */
export function meetsRange(part: Part, range: Range, outline: readonly Vector[]): boolean | undefined {
  const [centre, reach] =
    'radius' in part
      ? [part.centre, part.radius]
      : [part.ring[0] as Vector, Math.max(...part.ring.map((corner) => separation(corner, part.ring[0] as Vector)))];
  const gap = (Math.max(range.width, range.high - range.low) * DEGREE) / 10;
  const coarsely = outline.filter((_, index) => index % 40 < 4);
  if (!rangeHas(range, centre) && Math.min(...coarsely.map((one) => separation(one, centre))) > reach + gap)
    return false;
  if ('radius' in part) {
    if (rangeHas(range, part.centre)) return true;
    const distance = Math.min(...outline.map((point) => separation(point, part.centre)));
    const coarse = (Math.max(range.width, range.high - range.low) * DEGREE) / SAMPLES;
    if (distance > part.radius && distance < part.radius + coarse) return undefined;
    return distance <= part.radius;
  }
  if (part.ring.some((corner) => rangeHas(range, corner))) return true;
  if (outline.some((point) => ringHas(part.ring, point))) return true;
  return edges(part.ring).some(([start, end]) => {
    const arc = walk(start, end);
    const top = Math.atan2(arc.side[2], start[2]);
    const extremes = [top - Math.PI, top, top + Math.PI].filter((angle) => angle > 0 && angle < arc.length);
    const steps = Array.from({ length: SAMPLES + 1 }, (_, index) => (index / SAMPLES) * arc.length);
    return [...steps, ...extremes].some((angle) => rangeHas(range, arc.point(angle)));
  });
}
