import { FitsError } from '../fits.error';
import { cornersOf, type SkyMapping } from '../wcs/celestial';
import { fromIcrs, toIcrs } from '../wcs/icrs';
import type { SkyPosition } from '../wcs/projection';
import { isInside, type Side, sidesOf, type SkyShape } from './sky-shape';

/** The first and last pixel along the longitude and the latitude axis, from 1. */
export interface SkyBox {
  lon: [number, number];
  lat: [number, number];
}

type Point = readonly [x: number, y: number];

/** The longest part of a side that is looked at as one, in degrees, and the fewest parts of a side. */
const PART_DEGREES = 1;
const MIN_PARTS = 16;
/** A part is halved until it is straight to this many pixels, and at most so many times. */
const STRAIGHT_PIXELS = 1e-4;
const MAX_HALVINGS = 24;
/** A shape that reaches less far into a pixel is at its edge. */
const EDGE_PIXELS = 1e-6;

/**
 * Returns the smallest box with every pixel that a shape touches; null when it touches none. The extremes of what an image
 * and a shape share are where the outline of the shape is in the image, or in corners of the image that are in the shape.
 * @param shape lengths of the pixel axes
 * @throws FitsError `fits.cutout` for a projection or frame that is not supported
 */
export function skyBox(mapping: SkyMapping, shape: readonly number[], region: SkyShape): SkyBox | null {
  const { pair, toPixel, toSky } = mapping;
  const corner = toSky(cornersOf(shape, pair)[0] ?? []);
  if (toPixel === null || (corner !== null && toIcrs(corner, mapping) === null)) {
    throw new FitsError(
      'fits.cutout',
      `positions cannot be found in this image: its projection is ${mapping.projection || 'linear'}, its frame ${mapping.frame}`,
    );
  }
  const place = (position: SkyPosition): Point | null => {
    const own = fromIcrs(position, mapping);
    return own && toPixel(own);
  };
  const extent = new Extent([shape[pair[0]] ?? 1, shape[pair[1]] ?? 1]);
  for (const side of sidesOf(region)) {
    const parts = Math.max(MIN_PARTS, Math.ceil(side.length / PART_DEGREES));
    for (let i = 0; i < parts; i++) addPart(side, i / parts, (i + 1) / parts, place, extent, MAX_HALVINGS);
  }
  for (const pixel of cornersOf(shape, pair)) {
    const own = toSky(pixel);
    const position = own && toIcrs(own, mapping);
    if (position && isInside(region, position)) extent.add([pixel[pair[0]] ?? 0, pixel[pair[1]] ?? 0]);
  }
  return extent.box();
}

function addPart(
  side: Side,
  from: number,
  to: number,
  place: (position: SkyPosition) => Point | null,
  extent: Extent,
  halvings: number,
): void {
  const middle = (from + to) / 2;
  const [start, half, end] = [place(side.at(from)), place(side.at(middle)), place(side.at(to))];
  const halve = (): void => {
    if (halvings === 0) return;
    addPart(side, from, middle, place, extent, halvings - 1);
    addPart(side, middle, to, place, extent, halvings - 1);
  };
  if (start === null || half === null || end === null) {
    // What the projection does not show is not in the image either; its edge is found to a small part of a side.
    if ((start ?? half ?? end) !== null && halvings > MAX_HALVINGS / 2) halve();
    return;
  }
  if (extent.isFarFrom([start, half, end])) return;
  const bend = Math.hypot(half[0] - (start[0] + end[0]) / 2, half[1] - (start[1] + end[1]) / 2);
  if (bend > STRAIGHT_PIXELS && halvings > 0) halve();
  else {
    extent.addLine(start, half);
    extent.addLine(half, end);
  }
}

/** The extent of what is added, within an image: its first pixel is from 0.5 to 1.5. */
class Extent {
  private readonly minimum: [number, number] = [Infinity, Infinity];
  private readonly maximum: [number, number] = [-Infinity, -Infinity];

  constructor(private readonly lengths: readonly [number, number]) {}

  add(point: Point): void {
    for (const axis of [0, 1] as const) {
      this.minimum[axis] = Math.min(this.minimum[axis], point[axis]);
      this.maximum[axis] = Math.max(this.maximum[axis], point[axis]);
    }
  }

  /** Adds the part of a line that is in the image (Liang and Barsky). */
  addLine(start: Point, end: Point): void {
    let [enter, leave] = [0, 1];
    for (const axis of [0, 1] as const) {
      const step = end[axis] - start[axis];
      const [low, high] = [0.5 - start[axis], this.lengths[axis] + 0.5 - start[axis]];
      if (step === 0) {
        if (low > 0 || high < 0) return;
        continue;
      }
      enter = Math.max(enter, Math.min(low / step, high / step));
      leave = Math.min(leave, Math.max(low / step, high / step));
    }
    if (enter > leave) return;
    const at = (part: number): Point => [start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part];
    this.add(at(enter));
    this.add(at(leave));
  }

  /** Returns true when the points are further from the image than they are from each other. */
  isFarFrom(points: readonly Point[]): boolean {
    return ([0, 1] as const).some((axis) => {
      const values = points.map((point) => point[axis]);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const reach = points.reduce(
        (most, a) => Math.max(most, ...points.map((b) => Math.hypot(a[0] - b[0], a[1] - b[1]))),
        0,
      );
      return low - reach > this.lengths[axis] + 0.5 || high + reach < 0.5;
    });
  }

  box(): SkyBox | null {
    if (this.minimum[0] > this.maximum[0]) return null;
    const pixels = (axis: 0 | 1): [number, number] =>
      pixelsBetween(this.minimum[axis], this.maximum[axis], this.lengths[axis]);
    return { lon: pixels(0), lat: pixels(1) };
  }
}

/** Returns the first and last pixel that a part of an axis touches, within an axis of this length. */
export function pixelsBetween(from: number, to: number, length: number): [number, number] {
  const within = (pixel: number): number => Math.min(Math.max(pixel, 1), length);
  const first = within(Math.floor(from + 0.5 + EDGE_PIXELS));
  const last = within(Math.ceil(to - 0.5 - EDGE_PIXELS));
  // A part without extent, at the edge of a pixel or not.
  return first <= last ? [first, last] : [first, first];
}
