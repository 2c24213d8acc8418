import { Box, storedBox } from './boxes';
import { boundsOf, encodeShape, ShapeError } from './shape';
import { readStcS } from './stc-s';

/** What is stored for a region, beside its text (`RegionColumns`). */
export interface Footprint {
  /** Text form of PostgreSQL's box. */
  box: string;
  x: number;
  y: number;
  z: number;
  /** In radians. */
  radius: number;
  shape: number[];
}

/**
 * Returns what an index needs to know of a region.
 * @param region STC-S: Circle, Polygon, Position, Box, Union with Not for holes
 * @throws {ShapeError}
 */
export function footprintOf(region: string): Footprint {
  const parts = readStcS(region);
  const { centre, radius } = boundsOf(parts);
  return {
    box: boxText(storedBox(parts)),
    x: centre[0],
    y: centre[1],
    z: centre[2],
    radius,
    shape: encodeShape(parts),
  };
}

export function boxText({ west, east, south, north }: Box): string {
  return `(${west},${south}),(${east},${north})`;
}

export { ShapeError };
