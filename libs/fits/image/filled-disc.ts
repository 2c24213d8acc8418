import type { PixelSample } from '../qa2/pixel-sample';
import type { Disc } from '../wcs/coverage';

/** Fewer sampled values do not show a shape. */
const MIN_VALUES = 300;
/** The share of the enclosing circle that a disc fills; that of a regular octagon is 0.90, of a square 0.64. */
const MIN_FILL = 0.95;

/**
 * Returns the disc that has all values of an image, as around a single pointing, where CASA blanks what is outside the
 * primary beam. Looks at the plane of the sample with the most values. Null when no pixel of it is blank, or when the
 * values have another shape.
 */
export function filledDisc({ lattice, pixelsPerPlane, values }: PixelSample): Disc | null {
  const columns = Math.ceil(lattice.width / lattice.step);
  let best = { from: 0, count: 0 };
  for (let from = 0; from < values.length; from += pixelsPerPlane) {
    let count = 0;
    for (const value of values.subarray(from, from + pixelsPerPlane)) if (!Number.isNaN(value)) count += 1;
    if (count > best.count) best = { from, count };
  }
  const { from, count } = best;
  if (count < MIN_VALUES || count === pixelsPerPlane) return null;
  const plane = values.subarray(from, from + pixelsPerPlane);
  let [sumX, sumY] = [0, 0];
  for (let i = 0; i < plane.length; i++) {
    if (Number.isNaN(plane[i])) continue;
    sumX += i % columns;
    sumY += Math.floor(i / columns);
  }
  const [x, y] = [sumX / count, sumY / count];
  let farthest = 0;
  for (let i = 0; i < plane.length; i++) {
    if (!Number.isNaN(plane[i]))
      farthest = Math.max(farthest, ((i % columns) - x) ** 2 + (Math.floor(i / columns) - y) ** 2);
  }
  if (count < MIN_FILL * Math.PI * farthest) return null;
  return { x: x * lattice.step + 1, y: y * lattice.step + 1, radius: Math.sqrt(count / Math.PI) * lattice.step };
}
