import { distanceTo } from './distance';
import { readStcS } from './stc-s';
import { Vector } from './vectors';

/** A region of the sky, for tests of many points. */
export interface SkyRegion {
  /**
   * How far a direction is outside, or, negative, how deep inside; in radians. The true distance may be larger, never
   * smaller.
   * @param direction unit vector, x to RA 0 and Dec 0, z to the north pole
   */
  readonly distance: (direction: Vector) => number;
}

/**
 * Reads a region of STC-S: Circle, Polygon, Position, Box, Union with Not for holes.
 * @throws {ShapeError}
 */
export function skyRegion(region: string): SkyRegion {
  const parts = readStcS(region);
  return { distance: (direction) => distanceTo(parts, direction) };
}
