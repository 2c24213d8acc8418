/** Zenithal projections (Calabretta & Greisen 2002, §5.1), those of images from interferometers. */
export type Zenithal = 'SIN' | 'TAN' | 'ARC' | 'STG' | 'ZEA';

const RADIAN = Math.PI / 180;

export function isZenithal(algorithm: string | null): algorithm is Zenithal {
  return ['SIN', 'TAN', 'ARC', 'STG', 'ZEA'].includes(algorithm ?? '');
}

/** Native spherical coordinates in radians: longitude phi, latitude theta. */
interface Native {
  phi: number;
  theta: number;
}

/** A position on the sky in degrees: longitude 0 to 360, latitude -90 to 90. */
export interface SkyPosition {
  lon: number;
  lat: number;
}

/** The tangent point of the projection plane and its orientation (FITS 3.0 §8.3), in degrees. */
export interface Tangent {
  projection: Zenithal;
  lon: number;
  lat: number;
  /** LONPOLE: native longitude of the celestial pole. */
  lonpole: number;
  /** PVi_1 and PVi_2 of the latitude axis: the slant of SIN. */
  slant: [number, number];
}

/** Converts intermediate coordinates in degrees to the sky; null outside the projection, as beyond SIN's horizon. */
export function deproject(tangent: Tangent, x: number, y: number): SkyPosition | null {
  const native = toNative(tangent, x * RADIAN, y * RADIAN);
  const position = native && toSky(tangent, native);
  // Extreme numbers in a header may overflow: then there is no position.
  return position && Number.isFinite(position.lon) && Number.isFinite(position.lat) ? position : null;
}

function toNative(tangent: Tangent, x: number, y: number): Native | null {
  if (tangent.projection === 'SIN' && (tangent.slant[0] !== 0 || tangent.slant[1] !== 0)) {
    return slantOrthographic(tangent.slant, x, y);
  }
  const radius = Math.hypot(x, y);
  const distance = zenithDistance(tangent.projection, radius);
  return distance === null ? null : { phi: Math.atan2(x, -y), theta: Math.PI / 2 - distance };
}

/** Returns the angle from the tangent point for a radius in the plane, both in radians. */
function zenithDistance(projection: Zenithal, radius: number): number | null {
  switch (projection) {
    case 'TAN':
      return Math.atan(radius);
    case 'SIN':
      return radius > 1 ? null : Math.asin(radius);
    case 'ARC':
      return radius > Math.PI ? null : radius;
    case 'STG':
      return 2 * Math.atan(radius / 2);
    case 'ZEA':
      return radius > 2 ? null : 2 * Math.asin(radius / 2);
  }
}

/** SIN with a slant, as used by east-west arrays (Calabretta & Greisen 2002, eq. 59 and 60). */
function slantOrthographic([xi, eta]: [number, number], x: number, y: number): Native | null {
  const a = xi * xi + eta * eta + 1;
  const b = xi * (x - xi) + eta * (y - eta);
  const c = (x - xi) ** 2 + (y - eta) ** 2 - 1;
  const discriminant = b * b - a * c;
  if (discriminant < 0) return null;
  const root = Math.sqrt(discriminant);
  const sine = [(-b + root) / a, (-b - root) / a].filter((s) => Math.abs(s) <= 1);
  if (sine.length === 0) return null;
  const theta = Math.asin(Math.max(...sine));
  const up = 1 - Math.sin(theta);
  return { phi: Math.atan2(x - xi * up, -(y - eta * up)), theta };
}

/** Rotates native to celestial coordinates (Calabretta & Greisen 2002, eq. 2), with the pole at the tangent point. */
function toSky(tangent: Tangent, native: Native): SkyPosition {
  const pole = tangent.lat * RADIAN;
  const turn = native.phi - tangent.lonpole * RADIAN;
  const [sinTheta, cosTheta] = [Math.sin(native.theta), Math.cos(native.theta)];
  const east = -cosTheta * Math.sin(turn);
  const north = sinTheta * Math.cos(pole) - cosTheta * Math.sin(pole) * Math.cos(turn);
  const sine = sinTheta * Math.sin(pole) + cosTheta * Math.cos(pole) * Math.cos(turn);
  const lon = tangent.lon + Math.atan2(east, north) / RADIAN;
  // The arc tangent keeps the precision that an arc sine loses near the poles.
  return { lon: ((lon % 360) + 360) % 360, lat: Math.atan2(sine, Math.hypot(east, north)) / RADIAN };
}

/**
 * Converts a position on the sky to intermediate coordinates in degrees: the inverse of `deproject`. Null for what the
 * projection does not show, as the far half of the sky for SIN and TAN.
 */
export function project(tangent: Tangent, position: SkyPosition): [x: number, y: number] | null {
  const pole = tangent.lat * RADIAN;
  const turn = (position.lon - tangent.lon) * RADIAN;
  const [sinLat, cosLat] = [Math.sin(position.lat * RADIAN), Math.cos(position.lat * RADIAN)];
  const east = -cosLat * Math.sin(turn);
  const north = sinLat * Math.cos(pole) - cosLat * Math.sin(pole) * Math.cos(turn);
  const sine = sinLat * Math.sin(pole) + cosLat * Math.cos(pole) * Math.cos(turn);
  const phi = tangent.lonpole * RADIAN + Math.atan2(east, north);
  const distance = Math.atan2(Math.hypot(east, north), sine);
  const radius = planeRadius(tangent.projection, distance);
  if (radius === null) return null;
  // The slant moves what is beside the tangent point (Calabretta & Greisen 2002, eq. 55 and 56).
  const up = tangent.projection === 'SIN' ? 2 * Math.sin(distance / 2) ** 2 : 0;
  const x = radius * Math.sin(phi) + tangent.slant[0] * up;
  const y = -radius * Math.cos(phi) + tangent.slant[1] * up;
  return [x / RADIAN, y / RADIAN];
}

/** Returns the radius in the plane for an angle from the tangent point: the inverse of `zenithDistance`. */
function planeRadius(projection: Zenithal, distance: number): number | null {
  switch (projection) {
    case 'TAN':
      return distance < Math.PI / 2 ? Math.tan(distance) : null;
    case 'SIN':
      return distance <= Math.PI / 2 ? Math.sin(distance) : null;
    case 'ARC':
      return distance;
    case 'STG':
      return distance < Math.PI ? 2 * Math.tan(distance / 2) : null;
    case 'ZEA':
      return 2 * Math.sin(distance / 2);
  }
}

/** Returns the angle between two positions on the sky, in degrees (Vincenty's formula, accurate at any distance). */
export function separation(a: SkyPosition, b: SkyPosition): number {
  const turn = (b.lon - a.lon) * RADIAN;
  const [sinA, cosA] = [Math.sin(a.lat * RADIAN), Math.cos(a.lat * RADIAN)];
  const [sinB, cosB] = [Math.sin(b.lat * RADIAN), Math.cos(b.lat * RADIAN)];
  const across = Math.hypot(cosB * Math.sin(turn), cosA * sinB - sinA * cosB * Math.cos(turn));
  return Math.atan2(across, sinA * sinB + cosA * cosB * Math.cos(turn)) / RADIAN;
}
