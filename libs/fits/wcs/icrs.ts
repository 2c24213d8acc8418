import type { SkyPosition } from './projection';

const RADIAN = Math.PI / 180;

type Vector = readonly [number, number, number];
type Matrix = readonly [Vector, Vector, Vector];

/** Returns the matrix that turns the axes by an angle in degrees about the x, y or z axis. */
function rotation(angle: number, axis: 'x' | 'y' | 'z'): Matrix {
  const [c, s] = [Math.cos(angle * RADIAN), Math.sin(angle * RADIAN)];
  if (axis === 'x') {
    return [
      [1, 0, 0],
      [0, c, s],
      [0, -s, c],
    ];
  }
  if (axis === 'y') {
    return [
      [c, 0, -s],
      [0, 1, 0],
      [s, 0, c],
    ];
  }
  return [
    [c, s, 0],
    [-s, c, 0],
    [0, 0, 1],
  ];
}

function column(matrix: Matrix, j: 0 | 1 | 2): Vector {
  return [matrix[0][j], matrix[1][j], matrix[2][j]];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function times(a: Matrix, b: Matrix): Matrix {
  const row = (of: Vector): Vector => [dot(of, column(b, 0)), dot(of, column(b, 1)), dot(of, column(b, 2))];
  return [row(a[0]), row(a[1]), row(a[2])];
}

/** The angles between the axes of ICRS and those of the mean equator and equinox J2000 (USNO Circular 179, §3.5). */
const [ETA0, XI0, DA0] = [-19.9e-3 / 3600, 9.1e-3 / 3600, -22.9e-3 / 3600];
const ICRS_TO_FK5 = times(times(rotation(-ETA0, 'x'), rotation(XI0, 'y')), rotation(DA0, 'z'));

/**
 * The galactic pole, and the galactic longitude of the celestial pole, in FK5 J2000: the definition of the IAU (Blaauw et
 * al. 1960, FK4 B1950) as astropy converts it.
 */
const POLE = { lon: 192.8594812065348, lat: 27.12825118085622 };
const CELESTIAL_POLE = 122.9319185680026;
const FK5_TO_GALACTIC = times(
  times(rotation(180 - CELESTIAL_POLE, 'z'), rotation(90 - POLE.lat, 'y')),
  rotation(POLE.lon, 'z'),
);
const ICRS_TO_GALACTIC = times(FK5_TO_GALACTIC, ICRS_TO_FK5);

/**
 * Converts a position to ICRS, both in degrees. Returns null for a frame whose conversion needs more than a rotation that
 * is the same for all images: FK4, FK5 of another equinox than J2000, ecliptic, and frames without a definition.
 */
export function toIcrs(
  position: SkyPosition,
  { frame, equinox }: { frame: string; equinox: number | null },
): SkyPosition | null {
  if (frame === 'ICRS') return position;
  if (frame === 'GALACTIC') return rotatedBack(ICRS_TO_GALACTIC, position);
  return frame === 'FK5' && equinox === 2000 ? rotatedBack(ICRS_TO_FK5, position) : null;
}

/** Converts a position from ICRS; null for the frames that `toIcrs` does not convert. */
export function fromIcrs(
  position: SkyPosition,
  { frame, equinox }: { frame: string; equinox: number | null },
): SkyPosition | null {
  if (frame === 'ICRS') return position;
  if (frame === 'GALACTIC') return rotated(ICRS_TO_GALACTIC, position);
  return frame === 'FK5' && equinox === 2000 ? rotated(ICRS_TO_FK5, position) : null;
}

function rotated(rows: Matrix, { lon, lat }: SkyPosition): SkyPosition {
  const across = Math.cos(lat * RADIAN);
  const from: Vector = [across * Math.cos(lon * RADIAN), across * Math.sin(lon * RADIAN), Math.sin(lat * RADIAN)];
  const [x, y, z] = [dot(rows[0], from), dot(rows[1], from), dot(rows[2], from)];
  const turn = Math.atan2(y, x) / RADIAN;
  return { lon: ((turn % 360) + 360) % 360, lat: Math.atan2(z, Math.hypot(x, y)) / RADIAN };
}

/** Applies the inverse of a rotation. */
function rotatedBack(matrix: Matrix, position: SkyPosition): SkyPosition {
  return rotated([column(matrix, 0), column(matrix, 1), column(matrix, 2)], position);
}
