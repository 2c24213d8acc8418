import { Part, Polygon } from './shape';
import { contains } from './stc-s';
import { angle, cross, dot, Vector } from './vectors';

/**
 * Returns how far a point is outside of a region, or, negative, how deep inside; in radians. Never more than the true
 * distance: where parts or holes meet, a point may be farther than this says.
 * @param parts as `readStcS` returns them: circles and polygons, each followed by its holes
 */
export function distanceTo(parts: readonly Part[], point: Vector): number {
  let nearest = Infinity;
  let part = Infinity;
  for (const one of parts) {
    if (one.hole) {
      part = Math.max(part, -distanceToPart(one, point));
    } else {
      nearest = Math.min(nearest, part);
      part = distanceToPart(one, point);
    }
  }
  return Math.min(nearest, part);
}

function distanceToPart(part: Part, point: Vector): number {
  const toBounds = angle(part.centre, point) - part.radius;
  if (part.kind !== 'polygon' || toBounds > part.radius) return toBounds;
  const toEdge = distanceToEdges(part, point);
  return contains(part, point) ? -toEdge : toEdge;
}

function distanceToEdges({ vertices }: Polygon, point: Vector): number {
  let least = Infinity;
  vertices.forEach((end, index) => {
    const start = vertices[(index || vertices.length) - 1] ?? end;
    least = Math.min(least, distanceToArc(start, end, point));
  });
  return least;
}

function distanceToArc(start: Vector, end: Vector, point: Vector): number {
  const pole = cross(start, end);
  const isBeside = dot(cross(pole, start), point) >= 0 && dot(cross(end, pole), point) >= 0;
  if (!isBeside) return Math.min(angle(start, point), angle(end, point));
  return Math.asin(Math.min(1, Math.abs(dot(pole, point)) / Math.hypot(...pole)));
}
