/** Footprints, and which of them a position or a cone touches: by vectors, without the archive's own geometry. */
const DEGREE = Math.PI / 180;
/** More than the rounding of a cosine, in degrees. */
const MARGIN = 1e-4;

export function vector(longitude, latitude) {
  const [a, d] = [longitude * DEGREE, latitude * DEGREE];
  return [Math.cos(d) * Math.cos(a), Math.cos(d) * Math.sin(a), Math.sin(d)];
}

/** Returns the position at a distance and an angle from another; all in degrees. */
export function offset([ra, dec], distance, angle) {
  const [d, r] = [dec * DEGREE, distance * DEGREE];
  const sine = Math.sin(d) * Math.cos(r) + Math.cos(d) * Math.sin(r) * Math.cos(angle);
  const turn = Math.atan2(Math.sin(angle) * Math.sin(r) * Math.cos(d), Math.cos(r) - Math.sin(d) * sine);
  return [(ra + turn / DEGREE + 360) % 360, Math.asin(sine) / DEGREE];
}

/** @returns radians */
function angleBetween(a, b) {
  const [x, y, z] = cross(a, b);
  return Math.atan2(Math.hypot(x, y, z), dot(a, b));
}

/**
 * Returns whether a cone touches a footprint of convex rings, which turn eastwards, or of one circle.
 * @param {{ centre: number[], radius: number, rings: number[][][] | null }} footprint radius in degrees, rings of vectors
 * @param radius degrees; 0 for a position
 */
export function touches({ centre, radius: reach, rings }, position, radius) {
  if (dot(centre, position) < Math.cos((reach + radius + MARGIN) * DEGREE)) return false;
  if (angleBetween(centre, position) > (reach + radius) * DEGREE) return false;
  if (rings === null) return true;
  return rings.some((ring) => isInside(ring, position) || edgeDistance(ring, position) <= radius * DEGREE);
}

/** Of a convex ring: the position is on the same side of every edge. */
function isInside(ring, position) {
  const sides = ring.map((vertex, index) => dot(cross(vertex, ring[(index + 1) % ring.length]), position));
  return sides.every((side) => side >= 0) || sides.every((side) => side <= 0);
}

function edgeDistance(ring, position) {
  return Math.min(...ring.map((vertex, index) => arcDistance(vertex, ring[(index + 1) % ring.length], position)));
}

function arcDistance(from, to, position) {
  const pole = cross(from, to);
  const isBeside = dot(cross(pole, from), position) >= 0 && dot(cross(to, pole), position) >= 0;
  if (isBeside) return Math.abs(Math.asin(dot(pole, position) / Math.hypot(...pole)));
  return Math.min(angleBetween(from, position), angleBetween(to, position));
}

function dot(a, b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a, b) {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
