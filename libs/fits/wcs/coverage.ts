import { cornersOf, isCounterClockwise, type SkyMapping } from './celestial';
import { toIcrs } from './icrs';
import { separation, type SkyPosition } from './projection';

/** A part of the sky in ICRS, in degrees. The sides of a polygon are great circles. */
export type Region =
  | {
      shape: 'polygon';
      /** Counter-clockwise as seen from the ground (north up, east left). */
      vertices: SkyPosition[];
    }
  | { shape: 'circle'; centre: SkyPosition; radius: number };

/** What an image covers of the sky, in ICRS and degrees. */
export interface Coverage {
  /** Number of pixels along the longitude and the latitude axis. */
  pixels: [number, number];
  /** The centre of the image; null for an unsupported projection or frame. */
  centre: SkyPosition | null;
  /**
   * The disc that has values, else the outline of the image. Null for an unsupported projection or frame, and for an
   * image that reaches 90 degrees from its centre: a polygon of that size does not say which side it is.
   */
  region: Region | null;
}

/** A disc in the first two axes of an image, in pixels; the middle of the first pixel is 1. */
export interface Disc {
  x: number;
  y: number;
  radius: number;
}

/** The most vertices of a polygon are four times two to this power. */
const MAX_HALVINGS = 4;
/** A side is halved until it is a great circle to a tenth of a pixel. */
const ALIGNED_PIXELS = 0.1;

/** Returns what an image with pixel axes of these lengths covers of the sky. */
export function skyCoverage(mapping: SkyMapping, shape: readonly number[], disc: Disc | null): Coverage {
  const { pair, toSky } = mapping;
  const place = (pixel: readonly number[]): SkyPosition | null => {
    const position = toSky(pixel);
    return position && toIcrs(position, mapping);
  };
  const middle = shape.map((length) => (length + 1) / 2);
  const centre = place(middle);
  const circle = disc && pair[0] + pair[1] === 1 ? circleOf(disc, middle, place) : null;
  return {
    pixels: [shape[pair[0]] ?? 1, shape[pair[1]] ?? 1],
    centre,
    region: circle ?? (centre && outline(mapping, shape, centre, place)),
  };
}

type Place = (pixel: readonly number[]) => SkyPosition | null;

/** The radius is the mean of those towards the four sides; null outside the projection. */
function circleOf({ x, y, radius }: Disc, middle: readonly number[], place: Place): Region | null {
  const at = (dx: number, dy: number): SkyPosition | null => place([x + dx, y + dy, ...middle.slice(2)]);
  const centre = at(0, 0);
  const rim = [at(radius, 0), at(-radius, 0), at(0, radius), at(0, -radius)].filter((each) => each !== null);
  if (!centre || rim.length < 4) return null;
  return {
    shape: 'circle',
    centre,
    radius: rim.reduce((sum, each) => sum + separation(centre, each), 0) / rim.length,
  };
}

function outline(
  { pair, pixelArcsec }: SkyMapping,
  shape: readonly number[],
  centre: SkyPosition,
  place: Place,
): Region | null {
  const tolerance = (ALIGNED_PIXELS * Math.min(...pixelArcsec)) / 3600;
  const corners = cornersOf(shape, pair);
  const vertices: SkyPosition[] = [];
  for (const [i, corner] of corners.entries()) {
    const side = sideBetween(corner, corners[(i + 1) % corners.length] ?? corner, place, tolerance, MAX_HALVINGS);
    if (side === null) return null;
    vertices.push(...side);
  }
  if (vertices.some((vertex) => separation(centre, vertex) >= 90)) return null;
  return { shape: 'polygon', vertices: isCounterClockwise(vertices, centre) ? vertices : vertices.reverse() };
}

/** Returns the vertices along a side of the image, without the last one; null outside the projection. */
function sideBetween(
  from: readonly number[],
  to: readonly number[],
  place: Place,
  tolerance: number,
  halvings: number,
): SkyPosition[] | null {
  const between = from.map((value, i) => (value + (to[i] ?? value)) / 2);
  const [start, middle, end] = [place(from), place(between), place(to)];
  if (!start || !middle || !end) return null;
  if (halvings === 0 || separation(middle, halfWay(start, end)) <= tolerance) return [start];
  const first = sideBetween(from, between, place, tolerance, halvings - 1);
  const second = sideBetween(between, to, place, tolerance, halvings - 1);
  return first && second && [...first, ...second];
}

/** Returns the middle of the great circle between two positions. */
function halfWay(a: SkyPosition, b: SkyPosition): SkyPosition {
  const [p, q] = [vectorOf(a), vectorOf(b)];
  const [x, y, z] = [p[0] + q[0], p[1] + q[1], p[2] + q[2]];
  const lon = (Math.atan2(y, x) * 180) / Math.PI;
  return { lon: (lon + 360) % 360, lat: (Math.atan2(z, Math.hypot(x, y)) * 180) / Math.PI };
}

function vectorOf({ lon, lat }: SkyPosition): [number, number, number] {
  const [ra, dec] = [(lon * Math.PI) / 180, (lat * Math.PI) / 180];
  return [Math.cos(dec) * Math.cos(ra), Math.cos(dec) * Math.sin(ra), Math.sin(dec)];
}
