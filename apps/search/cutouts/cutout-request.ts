import { type CutoutFilter, LIGHT, type SkyShape } from '@almagest/fits';
import { DomainError } from '@almagest/platform';
import { badParameter } from '../search.error';
import type { DaliParameters } from '../tap/dali-parameters';

/** A cutout as a request states it (SODA 1.0, 3). */
export interface CutoutRequest {
  /** The name of a file, or its path. */
  readonly id: string;
  readonly filter: CutoutFilter;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITE = /^[+-]?inf(?:inity)?$/i;
/** The names of ObsCore 1.1, 4.20. */
const STATES = /^(?:[IQUV]|RR|LL|RL|LR|XX|YY|XY|YX|POL[IA])$/;
const MAX_VERTICES = 1000;
const FITS = /^(?:(?:application|image)\/)?fits$/i;

/** The code of an error that SODA names MultiValuedParamNotSupported. */
export const MULTIVALUED = 'search.parameter-multivalued';

/** @throws DomainError `search.bad-parameter`, `search.parameter-multivalued` */
export function cutoutRequest(parameters: DaliParameters): CutoutRequest {
  const one = (name: string): string | null => {
    const given = [...new Set(parameters.all(name))];
    if (given.length > 1) throw multivalued(`${name} has ${given.length} values; one answer has one cutout`);
    return given[0]?.trim() ?? null;
  };
  const id = one('ID');
  if (id === null) throw badParameter('ID is missing: it is the name of an image, as DataLink lists it');
  if (one('TIME') !== null) throw badParameter('TIME cannot be cut: the images of the archive have no time axis');
  const format = one('RESPONSEFORMAT');
  if (format !== null && !FITS.test(format)) {
    throw badParameter(`RESPONSEFORMAT is '${format}'; expected application/fits`);
  }
  const shapes = [
    read(one('POS'), 'POS', position),
    read(one('CIRCLE'), 'CIRCLE', circle),
    read(one('POLYGON'), 'POLYGON', polygon),
  ].flatMap((shape) => shape ?? []);
  if (shapes.length > 1) throw multivalued('Of POS, CIRCLE and POLYGON, one can be given: one answer has one cutout');
  const filter = {
    sky: shapes[0] ?? null,
    band: read(one('BAND'), 'BAND', band),
    stokes: states(parameters.all('POL')),
  };
  return { id, filter };
}

function multivalued(message: string): DomainError {
  return new DomainError('invalid', MULTIVALUED, message);
}

/** What a parameter must look like. */
class Malformed extends Error {}

function read<T>(text: string | null, name: string, parse: (words: readonly string[]) => T): T | null {
  if (text === null) return null;
  try {
    return parse(text.split(/\s+/));
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const shown = text.length > 100 ? `${text.slice(0, 100)}...` : text;
    throw badParameter(`${name} is '${shown}'; expected ${error.message}`);
  }
}

function position([shape = '', ...numbers]: readonly string[]): SkyShape {
  switch (shape.toUpperCase()) {
    case 'CIRCLE':
      return circle(numbers);
    case 'POLYGON':
      return polygon(numbers);
    case 'RANGE':
      return range(numbers);
    default:
      throw new Malformed('CIRCLE, RANGE or POLYGON, and numbers in degrees');
  }
}

function circle(words: readonly string[]): SkyShape {
  const [lon = NaN, lat = NaN, radius = NaN, ...more] = words.map(finite);
  if (!isPosition(lon, lat) || !(radius >= 0 && radius <= 180) || more.length > 0) {
    throw new Malformed('longitude (0 to 360), latitude (-90 to 90) and radius (0 to 180) in degrees');
  }
  return { shape: 'circle', centre: { lon, lat }, radius };
}

function polygon(words: readonly string[]): SkyShape {
  const numbers = words.map(finite);
  const vertices = Array.from({ length: Math.ceil(numbers.length / 2) }, (_, i) => ({
    lon: numbers[2 * i] ?? NaN,
    lat: numbers[2 * i + 1] ?? NaN,
  }));
  if (
    vertices.length < 3 ||
    vertices.length > MAX_VERTICES ||
    !vertices.every(({ lon, lat }) => isPosition(lon, lat))
  ) {
    throw new Malformed(`3 to ${MAX_VERTICES} pairs of longitude (0 to 360) and latitude (-90 to 90) in degrees`);
  }
  return { shape: 'polygon', vertices };
}

function range(words: readonly string[]): SkyShape {
  const [west = NaN, east = NaN, south = NaN, north = NaN, ...more] = words.map(ranged);
  const lon = [west === -Infinity ? 0 : west, east === Infinity ? 360 : east] as const;
  const lat = [south === -Infinity ? -90 : south, north === Infinity ? 90 : north] as const;
  const isValid = isPosition(lon[0], lat[0]) && isPosition(lon[1], lat[1]) && lat[0] <= lat[1] && more.length === 0;
  if (!isValid) {
    throw new Malformed('two longitudes (0 to 360) and two latitudes (-90 to 90, the smaller one first) in degrees');
  }
  return { shape: 'range', lon, lat };
}

/** Wavelengths in metres; a single one is an interval too. */
function band(words: readonly string[]): NonNullable<CutoutFilter['band']> {
  const [shortest = NaN, longest = shortest, ...more] = words.map(ranged);
  if (!(shortest <= longest) || !(longest > 0) || shortest === Infinity || more.length > 0) {
    throw new Malformed('two wavelengths in metres, the smaller one first; -Inf and +Inf are open ends');
  }
  return { minimumHz: LIGHT / longest, maximumHz: shortest > 0 ? LIGHT / shortest : Infinity };
}

function states(given: readonly string[]): string[] | null {
  if (given.length === 0) return null;
  return given.map((text) => {
    const state = text.trim().toUpperCase();
    if (STATES.test(state)) return state;
    throw badParameter(`POL is '${text.slice(0, 100)}'; expected I, Q, U, V, XX, YY, XY, YX, RR, LL, RL or LR`);
  });
}

function isPosition(lon: number, lat: number): boolean {
  return lon >= 0 && lon <= 360 && lat >= -90 && lat <= 90;
}

function finite(word: string): number {
  return NUMBER.test(word) ? Number(word) : NaN;
}

function ranged(word: string): number {
  return INFINITE.test(word) ? (word.startsWith('-') ? -Infinity : Infinity) : finite(word);
}
