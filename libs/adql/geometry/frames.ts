import { nearestName } from '../compile/names';
import { Value } from '../compile/value';
import { Fault, quoted } from '../grammar/fault';
import { DEGREE, GALACTIC_AXES } from '../sphere/vectors';

/** Rows of the rotation from ICRS to a frame; FK5 differs from ICRS by less than 0.1 arcsec. */
const OBLIQUITY = 23.4392911 * DEGREE;
const [COS, SIN] = [Math.cos(OBLIQUITY), Math.sin(OBLIQUITY)];
const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const FRAMES: Readonly<Record<string, readonly number[]>> = {
  ICRS: IDENTITY,
  FK5: IDENTITY,
  GALACTIC: GALACTIC_AXES.flat(),
  ECLIPTIC: [1, 0, 0, 0, COS, SIN, 0, -SIN, COS],
};
/** Words that the coordinate system of ADQL 2.0 may begin with, for ICRS. */
const SAME_AS_ICRS = new Set(['', 'J2000', 'UNKNOWN', 'UNKNOWNFRAME', ...Object.keys(FRAMES).slice(0, 2)]);

/**
 * Returns the rotation to ICRS from the deprecated first argument of POINT, CIRCLE, BOX and POLYGON (§4.2.5);
 * undefined for ICRS itself.
 * @throws {Fault}
 */
export function fromFrame(system: string, at: number): number[] | undefined {
  const name = system.trim().split(/\s+/)[0]?.toUpperCase() ?? '';
  if (SAME_AS_ICRS.has(name)) return undefined;
  const rotation = FRAMES[name];
  if (rotation === undefined) throw unknownFrame(name, at);
  return transposed(rotation);
}

/**
 * Returns the rows of the rotation between two frames of the IVOA vocabulary, named by texts in quotes.
 * @throws {Fault}
 */
export function rotationBetween(from: Value, to: Value): number[] {
  const [first, second] = [from, to].map(({ literal, at }) => {
    if (typeof literal !== 'string') throw new Fault('a frame is no text in quotes', at, { expected: frameNames() });
    const rotation = Object.hasOwn(FRAMES, literal) ? FRAMES[literal] : undefined;
    if (rotation === undefined) throw unknownFrame(literal, at);
    return rotation;
  });
  return product(second ?? IDENTITY, transposed(first ?? IDENTITY));
}

function unknownFrame(name: string, at: number): Fault {
  const nearest = nearestName(name, Object.keys(FRAMES));
  return new Fault(`unknown frame ${quoted(name)}`, at, {
    expected: frameNames(),
    ...(nearest !== undefined && { nearest: `'${nearest}'` }),
  });
}

function frameNames(): string[] {
  return Object.keys(FRAMES).map((name) => `'${name}'`);
}

function transposed(rows: readonly number[]): number[] {
  return [0, 3, 6, 1, 4, 7, 2, 5, 8].map((index) => rows[index] ?? 0);
}

function product(a: readonly number[], b: readonly number[]): number[] {
  return a.map((_, index) => {
    const [row, column] = [Math.floor(index / 3), index % 3];
    return [0, 1, 2].reduce((sum, k) => sum + (a[row * 3 + k] ?? 0) * (b[k * 3 + column] ?? 0), 0);
  });
}
