import { FitsError } from '../fits.error';
import { separation, type SkyPosition } from '../wcs/projection';

/** A part of the sky to cut out: ICRS, in degrees. */
export type SkyShape =
  | { readonly shape: 'circle'; readonly centre: SkyPosition; readonly radius: number }
  /** Its sides are great circles. It is the smaller of the two parts of the sky that they separate. */
  | { readonly shape: 'polygon'; readonly vertices: readonly SkyPosition[] }
  /** Between two meridians and two parallels. It goes through longitude 0 when the first longitude is the larger one. */
  | {
      readonly shape: 'range';
      readonly lon: readonly [number, number];
      readonly lat: readonly [number, number];
    };

/** A side of a shape: its position for 0 (where it begins) to 1 (where it ends). */
export interface Side {
  readonly at: (part: number) => SkyPosition;
  /** In degrees, or more. */
  readonly length: number;
}

const RADIAN = Math.PI / 180;

/**
 * Returns the sides of a shape.
 * @throws FitsError `fits.cutout` for a polygon of a hemisphere or more
 */
export function sidesOf(shape: SkyShape): Side[] {
  if (shape.shape === 'circle') {
    const { centre, radius } = shape;
    return [{ at: (part) => offset(centre, radius, 360 * part), length: 360 * Math.sin(radius * RADIAN) }];
  }
  if (shape.shape === 'range') return sidesOfRange(shape.lon, shape.lat);
  const vertices = shape.vertices;
  checkHemisphere(vertices);
  return vertices.map((from, i) => {
    const to = vertices[(i + 1) % vertices.length] ?? from;
    return { at: (part) => between(from, to, part), length: separation(from, to) };
  });
}

/** Returns true for a position inside of the shape. */
export function isInside(shape: SkyShape, position: SkyPosition): boolean {
  if (shape.shape === 'circle') return separation(shape.centre, position) <= shape.radius;
  if (shape.shape === 'range') {
    const [south, north] = shape.lat;
    return position.lat >= south && position.lat <= north && eastOf(shape.lon[0], position.lon) <= widthOf(shape.lon);
  }
  const { vertices } = shape;
  // The far side of the sky sees the polygon around it too.
  if (dot(vectorOf(position), middleOf(vertices)) <= 0) return false;
  const bearings = vertices.map((vertex) => bearing(position, vertex));
  const turns = bearings.reduce((sum, from, i) => {
    const turn = (bearings[(i + 1) % bearings.length] ?? from) - from;
    return sum + turn - 2 * Math.PI * Math.round(turn / (2 * Math.PI));
  }, 0);
  return Math.abs(turns) > Math.PI;
}

function sidesOfRange(lon: readonly [number, number], [south, north]: readonly [number, number]): Side[] {
  const width = widthOf(lon);
  const parallel = (lat: number): Side => ({
    at: (part) => ({ lon: lon[0] + width * part, lat }),
    length: width * Math.cos(lat * RADIAN),
  });
  const meridian = (at: number): Side => ({
    at: (part) => ({ lon: at, lat: south + (north - south) * part }),
    length: north - south,
  });
  const parallels = [south, north].filter((lat) => Math.abs(lat) < 90).map(parallel);
  return width >= 360 ? parallels : [...parallels, meridian(lon[0]), meridian(lon[1])];
}

/** Returns the longitudes from the first to the second, eastwards. */
function widthOf([from, to]: readonly [number, number]): number {
  return to < from ? to - from + 360 : to - from;
}

function eastOf(from: number, lon: number): number {
  return (((lon - from) % 360) + 360) % 360;
}

/** Returns the position at a distance from another, in a direction from north through east; all in degrees. */
function offset({ lon, lat }: SkyPosition, distance: number, direction: number): SkyPosition {
  const [d, turn, at] = [distance * RADIAN, direction * RADIAN, lat * RADIAN];
  const east = Math.sin(d) * Math.sin(turn);
  const north = Math.cos(d) * Math.cos(at) - Math.sin(d) * Math.sin(at) * Math.cos(turn);
  const up = Math.cos(d) * Math.sin(at) + Math.sin(d) * Math.cos(at) * Math.cos(turn);
  return { lon: lon + Math.atan2(east, north) / RADIAN, lat: Math.atan2(up, Math.hypot(east, north)) / RADIAN };
}

/** Returns a position along the shorter great circle between two others. */
function between(from: SkyPosition, to: SkyPosition, part: number): SkyPosition {
  const distance = separation(from, to) * RADIAN;
  if (part === 0 || distance === 0) return from;
  if (part === 1) return to;
  const [p, q] = [vectorOf(from), vectorOf(to)];
  const [a, b] = [Math.sin((1 - part) * distance), Math.sin(part * distance)];
  return positionOf([a * p[0] + b * q[0], a * p[1] + b * q[1], a * p[2] + b * q[2]]);
}

/** Returns the direction from one position to another, from north through east, in radians. */
function bearing(from: SkyPosition, to: SkyPosition): number {
  const turn = (to.lon - from.lon) * RADIAN;
  const [here, there] = [from.lat * RADIAN, to.lat * RADIAN];
  const east = Math.cos(there) * Math.sin(turn);
  return Math.atan2(east, Math.sin(there) * Math.cos(here) - Math.cos(there) * Math.sin(here) * Math.cos(turn));
}

type Vector = readonly [number, number, number];

function vectorOf({ lon, lat }: SkyPosition): Vector {
  const across = Math.cos(lat * RADIAN);
  return [across * Math.cos(lon * RADIAN), across * Math.sin(lon * RADIAN), Math.sin(lat * RADIAN)];
}

function positionOf([x, y, z]: Vector): SkyPosition {
  return { lon: (Math.atan2(y, x) / RADIAN + 360) % 360, lat: Math.atan2(z, Math.hypot(x, y)) / RADIAN };
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function middleOf(vertices: readonly SkyPosition[]): Vector {
  const vectors = vertices.map(vectorOf);
  const sum = (axis: 0 | 1 | 2): number => vectors.reduce((total, vector) => total + vector[axis], 0);
  return [sum(0), sum(1), sum(2)];
}

function checkHemisphere(vertices: readonly SkyPosition[]): void {
  const middle = middleOf(vertices);
  if (vertices.every((vertex) => dot(vectorOf(vertex), middle) > 0)) return;
  throw new FitsError('fits.cutout', 'the polygon does not fit in a hemisphere: it does not say which side is inside');
}
