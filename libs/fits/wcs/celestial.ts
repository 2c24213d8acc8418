import { FitsHeader } from '../header/fits-header';
import { intermediate, linearMatrix, WorldAxis } from './axis';
import { deproject, isZenithal, project, SkyPosition, Tangent } from './projection';

/** The position of an image on the sky (FITS 3.0 §8.3), in its own frame; angles in degrees unless noted. */
export interface SkyFacts {
  /** RADESYS or the standard's default: ICRS, FK5, FK4 ...; GALACTIC or ECLIPTIC for such axes. */
  frame: string;
  /** The equinox of FK4 and FK5; null for frames without one. */
  equinox: number | null;
  /** Algorithm code of CTYPE. */
  projection: string;
  /** CRVAL of the two axes. */
  reference: SkyPosition;
  /** The centre of the image; null for an unsupported projection. */
  centre: SkyPosition | null;
  /** Outer corners of the four corner pixels, counter-clockwise as seen from the ground (north up, east left). */
  footprint: SkyPosition[] | null;
  /** Width and height of a pixel at the reference point, in arcsec. */
  pixelArcsec: [number, number];
}

const LONGITUDES: Record<string, string> = { RA: 'DEC', GLON: 'GLAT', ELON: 'ELAT' };
const DEGREES: Record<string, number> = { '': 1, deg: 1, arcmin: 1 / 60, arcsec: 1 / 3600, rad: 180 / Math.PI };

/** Returns the indices (from 0) of the longitude and latitude axis among the world axes; null without such a pair. */
export function skyAxes(axes: readonly WorldAxis[]): [number, number] | null {
  const lon = axes.findIndex((axis) => LONGITUDES[axis.coordinate] !== undefined);
  const partner = LONGITUDES[axes[lon]?.coordinate ?? ''];
  const lat = axes.findIndex((axis) => axis.coordinate === partner);
  return lon >= 0 && lat >= 0 ? [lon, lat] : null;
}

/** Returns the equatorial frame of the header, or the standard's default for its EQUINOX (FITS 3.0 §8.3). */
function equatorialFrame(header: FitsHeader): { frame: string; equinox: number | null } {
  const equinox = header.number('EQUINOX') ?? header.number('EPOCH');
  const named = header.nonBlankText('RADESYS') ?? header.nonBlankText('RADECSYS');
  const frame = named ?? (equinox === null ? 'ICRS' : equinox < 1984 ? 'FK4' : 'FK5');
  if (frame.startsWith('FK4')) return { frame, equinox: equinox ?? 1950 };
  return { frame, equinox: frame === 'FK5' ? (equinox ?? 2000) : null };
}

/** How the pixels of an image map to the sky. */
export interface SkyMapping {
  /** Indices (from 0) of the longitude and the latitude axis. */
  pair: [number, number];
  frame: string;
  equinox: number | null;
  projection: string;
  reference: SkyPosition;
  pixelArcsec: [number, number];
  /** Returns the position of a pixel (first pixel = 1); null for an unsupported projection, and outside of one. */
  toSky: (pixel: readonly number[]) => SkyPosition | null;
  /**
   * Returns the place of a position along the longitude and the latitude axis; null outside the projection. Null itself for
   * an unsupported projection, and when the place depends on other axes too.
   */
  toPixel: ((position: SkyPosition) => [number, number] | null) | null;
}

/** Returns the mapping; null when the image has no pair of sky axes, or when their values are not finite. */
export function skyMapping(header: FitsHeader, axes: readonly WorldAxis[]): SkyMapping | null {
  const pair = skyAxes(axes);
  const [lon, lat] = [axes[pair?.[0] ?? -1], axes[pair?.[1] ?? -1]];
  const [lonScale, latScale] = [DEGREES[lon?.unit ?? ''], DEGREES[lat?.unit ?? '']];
  if (!pair || !lon || !lat || lonScale === undefined || latScale === undefined) return null;
  const matrix = linearMatrix(header, axes, pair);
  const toPlane = (pixel: readonly number[]): [number, number] => {
    const world = intermediate(axes, matrix, pixel);
    return [(world[pair[0]] ?? 0) * lonScale, (world[pair[1]] ?? 0) * latScale];
  };
  const reference = { lon: lon.crval * lonScale, lat: lat.crval * latScale };
  const pixelArcsec = pixelSize(matrix, pair, lonScale, latScale);
  if (![reference.lon, reference.lat, ...pixelArcsec].every(Number.isFinite)) return null;
  const tangent = tangentPoint(header, lon, lat, reference);
  return {
    pair,
    ...(lon.coordinate === 'RA' ? equatorialFrame(header) : { frame: otherFrame(lon), equinox: null }),
    projection: lon.algorithm ?? '',
    reference,
    pixelArcsec,
    toSky: (pixel) => tangent && deproject(tangent, ...toPlane(pixel)),
    toPixel: tangent && inverse(matrix, axes, pair, [lonScale, latScale], tangent),
  };
}

/** Returns the inverse of the mapping; null when the matrix cannot be inverted for the two axes alone. */
function inverse(
  matrix: number[][],
  axes: readonly WorldAxis[],
  pair: [number, number],
  scales: [number, number],
  tangent: Tangent,
): SkyMapping['toPixel'] {
  const at = (row: 0 | 1, axis: number): number => (matrix[pair[row]]?.[axis] ?? 0) * scales[row];
  if (axes.some((_, axis) => !pair.includes(axis) && (at(0, axis) !== 0 || at(1, axis) !== 0))) return null;
  const [a, b, c, d] = [at(0, pair[0]), at(0, pair[1]), at(1, pair[0]), at(1, pair[1])];
  const determinant = a * d - b * c;
  if (determinant === 0 || !Number.isFinite(determinant)) return null;
  const [lonPixel, latPixel] = [axes[pair[0]]?.crpix ?? 0, axes[pair[1]]?.crpix ?? 0];
  return (position) => {
    const plane = project(tangent, position);
    if (plane === null) return null;
    const [x, y] = plane;
    return [lonPixel + (d * x - b * y) / determinant, latPixel + (a * y - c * x) / determinant];
  };
}

/** Returns the sky facts of an image with pixel axes of these lengths, in its own frame. */
export function skyFacts(
  { pair, toSky, frame, equinox, projection, reference, pixelArcsec }: SkyMapping,
  shape: readonly number[],
): SkyFacts {
  return {
    frame,
    equinox,
    projection,
    reference,
    centre: toSky(shape.map((length) => (length + 1) / 2)),
    footprint: footprint(shape, pair, toSky),
    pixelArcsec,
  };
}

function otherFrame(lon: WorldAxis): string {
  return lon.coordinate === 'GLON' ? 'GALACTIC' : 'ECLIPTIC';
}

function tangentPoint(header: FitsHeader, lon: WorldAxis, lat: WorldAxis, reference: SkyPosition): Tangent | null {
  const projection = lon.algorithm;
  if (!isZenithal(projection) || lat.algorithm !== projection) return null;
  // A reference point other than the tangent point (Calabretta & Greisen 2002, §2.5) is not supported.
  if ([0, 1, 2].some((m) => (header.number(`PV${lon.number}_${m}`) ?? 0) !== 0)) return null;
  return {
    projection,
    ...reference,
    lonpole: header.number('LONPOLE') ?? (reference.lat >= 90 ? 0 : 180),
    slant: [header.number(`PV${lat.number}_1`) ?? 0, header.number(`PV${lat.number}_2`) ?? 0],
  };
}

function footprint(
  shape: readonly number[],
  pair: [number, number],
  toSky: (pixel: readonly number[]) => SkyPosition | null,
): SkyPosition[] | null {
  const corners = cornersOf(shape, pair)
    .map(toSky)
    .filter((corner) => corner !== null);
  const centre = toSky(shape.map((length) => (length + 1) / 2));
  if (corners.length < 4 || !centre) return null;
  return isCounterClockwise(corners, centre) ? corners : corners.reverse();
}

/** Returns the outer corners of the four corner pixels, in the middle of the other axes; 1 is the middle of a pixel. */
export function cornersOf(shape: readonly number[], [lon, lat]: readonly [number, number]): number[][] {
  const middle = shape.map((length) => (length + 1) / 2);
  const [right, top] = [(shape[lon] ?? 1) + 0.5, (shape[lat] ?? 1) + 0.5];
  const corners = [
    [0.5, 0.5],
    [right, 0.5],
    [right, top],
    [0.5, top],
  ];
  return corners.map(([x = 0, y = 0]) => middle.map((value, axis) => (axis === lon ? x : axis === lat ? y : value)));
}

/** Uses the shoelace sum of the corners' offsets from the centre, with east as positive. */
export function isCounterClockwise(corners: readonly SkyPosition[], centre: SkyPosition): boolean {
  const offsets = corners.map(({ lon, lat }) => {
    const turn = ((lon - centre.lon) * Math.PI) / 180;
    const [here, there] = [(centre.lat * Math.PI) / 180, (lat * Math.PI) / 180];
    const north = Math.sin(there) * Math.cos(here) - Math.cos(there) * Math.sin(here) * Math.cos(turn);
    return { east: Math.cos(there) * Math.sin(turn), north };
  });
  const area = offsets.reduce((sum, a, i) => {
    const b = offsets[(i + 1) % offsets.length] ?? a;
    return sum + (a.east * b.north - b.east * a.north);
  }, 0);
  // East is left, so a positive sum means clockwise.
  return area < 0;
}

function pixelSize(
  matrix: number[][],
  [lon, lat]: [number, number],
  lonScale: number,
  latScale: number,
): [number, number] {
  const side = (column: number): number =>
    Math.hypot((matrix[lon]?.[column] ?? 0) * lonScale, (matrix[lat]?.[column] ?? 0) * latScale) * 3600;
  return [side(lon), side(lat)];
}
