import { box, circle, Part, Polygon, polygon, position, ShapeError } from './shape';
import { angle, cross, dot, fromGalactic, Vector } from './vectors';

/** Frames whose axes are those of ICRS to within 0.1 arcsec, and what else may come before numbers. */
const EQUATORIAL = new Set(['ICRS', 'FK5', 'J2000', 'UNKNOWNFRAME']);
const IGNORED = new Set([
  ...['BARYCENTER', 'GEOCENTER', 'HELIOCENTER', 'LSR', 'TOPOCENTER', 'RELOCATABLE', 'UNKNOWNREFPOS'],
  ...['SPHERICAL2', 'CARTESIAN2', 'CARTESIAN3'],
]);
const SHAPES = new Set(['POSITION', 'CIRCLE', 'POLYGON', 'BOX', 'UNION', 'NOT']);
const MOST_NUMBERS = 100_000;
/** Parentheses within parentheses. */
const DEEPEST = 10;

/**
 * Reads a spatial sub-phrase of STC-S (IVOA Note 1.33, §6): Position, Circle, Polygon, Box, and Union of them with Not
 * for holes, as the observatory writes its footprints. A hole belongs to the part before it that contains it.
 * @throws {ShapeError}
 */
export function readStcS(text: string): Part[] {
  if (text.length > 2_000_000) throw new ShapeError('the region has more than 2,000,000 characters');
  const words = text.replaceAll(/[()]/g, ' $& ').trim().split(/\s+/);
  const reader = new Reader(words);
  const parts = reader.shape(false, undefined);
  if (!reader.atEnd()) throw new ShapeError(`"${reader.peek()}" follows the region`);
  return withHoles(parts);
}

class Reader {
  private next = 0;
  private depth = 0;

  constructor(private readonly words: readonly string[]) {}

  peek(): string {
    return (this.words[this.next] ?? '').slice(0, 40);
  }

  atEnd(): boolean {
    return this.next >= this.words.length;
  }

  /** @param frame of the shape around it */
  shape(hole: boolean, frame: string | undefined): Part[] {
    const name = this.peek().toUpperCase();
    if (!SHAPES.has(name)) throw new ShapeError(`"${this.peek()}" is not one of Position, Circle, Polygon, Box, Union`);
    this.next++;
    const system = this.frame() ?? frame ?? 'ICRS';
    if (name === 'UNION' || name === 'NOT') return this.group(name, hole, system);
    const numbers = this.numbers();
    const part = this.part(name, numbers, system);
    return [{ ...part, hole }];
  }

  private group(name: string, hole: boolean, system: string): Part[] {
    if (hole) throw new ShapeError(`${name} within Not is not supported`);
    if (++this.depth > DEEPEST) throw new ShapeError(`a region is nested more than ${DEEPEST} deep`);
    this.parenthesis('(');
    const parts: Part[] = [];
    do parts.push(...this.shape(name === 'NOT', system));
    while (name === 'UNION' && this.peek() !== ')');
    this.parenthesis(')');
    this.depth--;
    return parts;
  }

  private part(name: string, numbers: number[], system: string): Part {
    if (name === 'POLYGON') {
      if (numbers.length % 2 !== 0) throw new ShapeError('a Polygon has an odd number of coordinates');
      const corners: Vector[] = [];
      for (let index = 0; index < numbers.length; index += 2) {
        corners.push(direction(numbers[index], numbers[index + 1], system));
      }
      return polygon(corners);
    }
    const [longitude, latitude, ...sizes] = numbers;
    const wanted = { POSITION: 0, CIRCLE: 1 }[name] ?? 2;
    if (numbers.length !== wanted + 2) throw new ShapeError(`a ${name} has ${numbers.length} numbers`);
    const centre = direction(longitude, latitude, system);
    if (name === 'BOX') {
      if (system === 'GALACTIC') throw new ShapeError('a Box in GALACTIC is not supported; use a Polygon');
      return box(centre, sizes[0] ?? 0, sizes[1] ?? 0);
    }
    return circle(centre, sizes[0] ?? 0);
  }

  private frame(): string | undefined {
    let frame: string | undefined;
    for (;;) {
      const word = this.peek().toUpperCase();
      if (EQUATORIAL.has(word)) frame = 'ICRS';
      else if (word === 'GALACTIC') frame = word;
      else if (!IGNORED.has(word)) {
        if (/^[A-Z]/.test(word) && !SHAPES.has(word)) throw new ShapeError(`the frame "${word}" is not supported`);
        return frame;
      }
      this.next++;
    }
  }

  private numbers(): number[] {
    const numbers: number[] = [];
    while (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(this.peek())) {
      if (numbers.length === MOST_NUMBERS) throw new ShapeError(`a region has more than ${MOST_NUMBERS} coordinates`);
      numbers.push(Number(this.words[this.next++]));
    }
    return numbers;
  }

  private parenthesis(sign: '(' | ')'): void {
    if (this.peek() !== sign) throw new ShapeError(`expected "${sign}" and found "${this.peek()}"`);
    this.next++;
  }
}

function direction(longitude: number | undefined, latitude: number | undefined, system: string): Vector {
  const vector = position(longitude ?? NaN, latitude ?? NaN);
  return system === 'GALACTIC' ? fromGalactic(vector) : vector;
}

/** Puts each hole behind the smallest part that contains its centre and its first vertex. */
function withHoles(parts: readonly Part[]): Part[] {
  const solid = parts.filter(({ hole }) => !hole);
  const owners = parts
    .filter(({ hole }) => hole)
    .map((hole) => {
      const around = solid
        .filter((part) => probes(hole).every((probe) => contains(part, probe)))
        .sort((a, b) => a.radius - b.radius)[0];
      return { hole, around };
    });
  return solid.flatMap((part) => [part, ...owners.filter(({ around }) => around === part).map(({ hole }) => hole)]);
}

/** Points of a hole that do not depend on rounding at its edge. */
function probes(hole: Part): Vector[] {
  return hole.kind === 'polygon' ? middles(hole) : [hole.centre];
}

/** Points just inside of each vertex, as seen from the middle of its neighbours. */
function middles({ vertices, centre }: Polygon): Vector[] {
  return vertices.slice(0, 3).map((vertex) => {
    const near = [0, 1, 2].map((axis) => (vertex[axis] ?? 0) * 0.999 + (centre[axis] ?? 0) * 0.001);
    return [near[0] ?? 0, near[1] ?? 0, near[2] ?? 0];
  });
}

/** Returns whether a circle or polygon contains a point: the parity of edges on the way to a point at 90 degrees. */
export function contains(part: Part, point: Vector): boolean {
  if (angle(part.centre, point) > part.radius) return false;
  if (part.kind !== 'polygon') return true;
  const [x, y, z] = part.centre;
  const away: Vector = Math.abs(z) < 0.9 ? [-y, x, 0] : [z, 0, -x];
  const way = cross(point, away);
  let inside = false;
  part.vertices.forEach((end, index) => {
    const start = part.vertices[(index || part.vertices.length) - 1] ?? end;
    const [before, after] = [dot(way, start) >= 0, dot(way, end) >= 0];
    if (before !== after && dot(cross(start, end), point) > 0 === after) inside = !inside;
  });
  return inside;
}
