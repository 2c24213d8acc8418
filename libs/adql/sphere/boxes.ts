import { boundsOf, Part } from './shape';
import { DEGREE, degreesOf } from './vectors';

/** Right ascension and declination in degrees; the first may be below 0 or above 360. */
export interface Box {
  west: number;
  east: number;
  south: number;
  north: number;
}

/** Stored boxes that are wider than this, or contain a pole, cover every turn. */
const WIDEST_STORED = 10;
const EVERYWHERE = { west: -360, east: 720 };
/** More than the rounding of a box, in degrees. */
const MARGIN = 1e-7;

/** The box of a region as it is stored: its centre is within 0..360, so that it reaches from -5 to 365 at most. */
export function storedBox(parts: readonly Part[]): Box {
  const { west, east, south, north } = boxAround(parts);
  return east - west > WIDEST_STORED ? { ...EVERYWHERE, south, north } : { west, east, south, north };
}

/** The boxes that overlap every stored box, or contain every position, that may match a shape. */
export function queryBoxes(parts: readonly Part[]): Box[] {
  const box = boxAround(parts);
  if (box.east - box.west >= 340) return [{ ...box, ...EVERYWHERE }];
  const reach = WIDEST_STORED / 2 + MARGIN;
  const turns = [0, ...(box.west <= reach ? [360] : []), ...(box.east >= 360 - reach ? [-360] : [])];
  return turns.map((turn) => ({ ...box, west: box.west + turn, east: box.east + turn }));
}

function boxAround(parts: readonly Part[]): Box {
  const [first] = parts;
  if (first?.kind === 'range' && parts.length === 1) {
    const middle = (first.longitude + first.width / 2) % 360;
    return margin(middle, first.width / 2, first.low, first.high);
  }
  const { centre, radius } = boundsOf(parts);
  const [longitude, latitude] = degreesOf(centre);
  const reach = radius / DEGREE;
  const [south, north] = [latitude - reach, latitude + reach];
  if (south <= -89.9 || north >= 89.9) return margin(longitude, 540, south, north);
  const half = Math.asin(Math.min(1, Math.sin(radius) / Math.cos(latitude * DEGREE))) / DEGREE;
  return margin(longitude, half, south, north);
}

function margin(middle: number, half: number, south: number, north: number): Box {
  return { west: middle - half - MARGIN, east: middle + half + MARGIN, south: south - MARGIN, north: north + MARGIN };
}
