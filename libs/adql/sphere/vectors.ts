/** Unit vectors of directions: x to longitude 0, latitude 0; z to the north pole. */
export type Vector = readonly [number, number, number];

export const DEGREE = Math.PI / 180;

/** @param longitude, latitude in degrees */
export function vectorOf(longitude: number, latitude: number): Vector {
  const across = Math.cos(latitude * DEGREE);
  return [across * Math.cos(longitude * DEGREE), across * Math.sin(longitude * DEGREE), Math.sin(latitude * DEGREE)];
}

/** Returns longitude (0 <= longitude < 360) and latitude in degrees. */
export function degreesOf([x, y, z]: Vector): [number, number] {
  const longitude = Math.atan2(y, x) / DEGREE;
  return [longitude < 0 ? (longitude + 360) % 360 : longitude, Math.atan2(z, Math.hypot(x, y)) / DEGREE];
}

export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** Returns the direction of a sum of vectors; undefined if they cancel out. */
export function directionOf(vectors: readonly Vector[]): Vector | undefined {
  const sum = vectors.reduce<[number, number, number]>(
    (total, [x, y, z]) => [total[0] + x, total[1] + y, total[2] + z],
    [0, 0, 0],
  );
  const length = Math.hypot(...sum);
  return length < 1e-9 ? undefined : [sum[0] / length, sum[1] / length, sum[2] / length];
}

/** Angle between two directions, in radians; precise at any angle. */
export function angle(a: Vector, b: Vector): number {
  return Math.atan2(Math.hypot(...cross(a, b)), dot(a, b));
}

/** J2000 galactic to ICRS (Hipparcos catalogue, volume 1, §1.5.3): the rows are the galactic axes. */
export const GALACTIC_AXES: readonly [Vector, Vector, Vector] = [
  [-0.0548755604162154, -0.873437090234885, -0.4838350155487132],
  [0.4941094278755837, -0.4448296299600112, 0.746982244497219],
  [-0.8676661490190047, -0.1980763734312015, 0.4559837761750669],
];

/** Returns the ICRS direction of a galactic one. */
export function fromGalactic([l, m, n]: Vector): Vector {
  const [a, b, c] = GALACTIC_AXES;
  return [a[0] * l + b[0] * m + c[0] * n, a[1] * l + b[1] * m + c[1] * n, a[2] * l + b[2] * m + c[2] * n];
}
