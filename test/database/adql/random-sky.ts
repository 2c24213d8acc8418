import { degrees, offset, Part, Range, vector, Vector } from './brute-force';

/** Mulberry32: the same numbers for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const DEGREE = Math.PI / 180;

/** Places where geometry goes wrong: poles, RA 0, the equator; and some where many regions are. */
const CENTRES = [vector(0, 90), vector(0, -90), vector(0, 0), vector(359.9, 40), vector(83.8, -5.4), vector(180, 89)];

/** Random shapes; the numbers of the text and of the vectors are the same doubles. */
export class RandomSky {
  constructor(private readonly random: () => number) {}

  between(low: number, high: number): number {
    return low + (high - low) * this.random();
  }

  /** Mostly small, sometimes wide, in degrees. */
  size(): number {
    return 10 ** this.between(-2, 0.9);
  }

  direction(): Vector {
    if (this.random() < 0.15) return vector(this.between(0, 360), Math.asin(this.between(-1, 1)) / DEGREE);
    const centre = CENTRES[Math.floor(this.random() * CENTRES.length)] ?? CENTRES[0];
    return offset(centre as Vector, this.between(0, 6) * DEGREE, this.between(0, 2 * Math.PI));
  }

  /** A star-shaped ring, convex or not. */
  ring(centre: Vector, size: number): Vector[] {
    const corners = 3 + Math.floor(this.between(0, 8));
    const start = this.between(0, 2 * Math.PI);
    return Array.from({ length: corners }, (_, index) => {
      const turn = start + ((index + this.between(-0.3, 0.3)) / corners) * 2 * Math.PI;
      return rounded(offset(centre, size * DEGREE * this.between(0.4, 1), turn));
    });
  }

  circle(): Part {
    return { centre: rounded(this.direction()), radius: this.size() * DEGREE };
  }

  polygon(): Part {
    const centre = this.direction();
    const size = this.size();
    const outer = this.ring(centre, size);
    // A hole within the smallest distance of a corner, halved for the edges between corners.
    const holes = this.random() < 0.3 && outer.length > 5 ? [this.ring(centre, size * 0.12)] : [];
    return { ring: outer, holes };
  }

  /** One part, or a union of parts that do not overlap. */
  footprint(): Part[] {
    const draw = this.random();
    if (draw < 0.3) return [this.circle()];
    if (draw < 0.75) return [this.polygon()];
    const centre = this.direction();
    const size = this.size() / 4;
    return [0, 1, 2].map((index) => {
      const place = offset(centre, 2.2 * size * DEGREE, (index * 2 * Math.PI) / 3);
      if (this.random() < 0.3) return { centre: rounded(place), radius: size * DEGREE };
      return { ring: this.ring(place, size), holes: [] };
    });
  }

  range(): Range {
    const [longitude, latitude] = degrees(this.direction());
    const low = Math.max(-90, latitude - this.size());
    return { west: longitude, width: this.size() * 3, low, high: Math.min(90, low + this.size() * 2) };
  }
}

/** The direction that the decimal degrees of `stcS` give. */
function rounded(direction: Vector): Vector {
  return vector(...degrees(direction));
}

function numbers(ring: readonly Vector[]): string {
  return ring.map((corner) => degrees(corner).join(' ')).join(' ');
}

export function stcS(parts: readonly Part[]): string {
  const shapes = parts.flatMap((part) =>
    'radius' in part
      ? [`Circle ${degrees(part.centre).join(' ')} ${part.radius / DEGREE}`]
      : [`Polygon ${numbers(part.ring)}`, ...part.holes.map((hole) => `Not (Polygon ${numbers(hole)})`)],
  );
  return shapes.length === 1 ? (shapes[0] ?? '').replace(' ', ' ICRS ') : `Union ICRS (${shapes.join(' ')})`;
}

/** ADQL of one part without holes. */
export function adqlOf(part: Part): string {
  if ('radius' in part) return `CIRCLE('ICRS', ${degrees(part.centre).join(', ')}, ${part.radius / DEGREE})`;
  return `POLYGON('ICRS', ${part.ring.map((corner) => degrees(corner).join(', ')).join(', ')})`;
}
