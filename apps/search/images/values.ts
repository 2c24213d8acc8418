import { footprintOf, ShapeError } from '@almagest/adql';
import { badParameter } from '../search.error';

/** An interval; an end may be infinite. Both ends belong to it. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,3})?$/i;
const INFINITY = /^([-+]?)inf(?:inity)?$/i;

/**
 * Reads a number as DALI writes it (DALI 1.1, 3.3.1).
 * @throws DomainError `search.bad-parameter`, also for NaN and infinity
 */
export function numberOf(name: string, text: string): number {
  const value = NUMBER.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(value)) throw badParameter(`${name} has '${text.slice(0, 40)}' where a number is expected`);
  return value;
}

/** @throws DomainError `search.bad-parameter` when the number is outside */
export function numberWithin(name: string, text: string, low: number, high: number): number {
  const value = numberOf(name, text);
  if (value < low || value > high) throw badParameter(`${name} has ${text}, which is outside ${low}..${high}`);
  return value;
}

/**
 * Reads an interval, or a number as the interval that contains just it (SIA 2.0, 2.1.2; DALI 1.1, 3.3.4).
 * @param example in the message about a wrong value
 * @throws DomainError `search.bad-parameter`
 */
export function intervalOf(name: string, text: string, example: string): Interval {
  const ends = text.trim().split(/\s+/);
  const [first = '', second = first] = ends;
  if (ends.length > 2) throw badParameter(`${name} is '${text.slice(0, 80)}'; expected one number, or two: ${example}`);
  const [low, high] = [endOf(name, first, example), endOf(name, second, example)];
  if (low > high) throw badParameter(`${name} is '${text}': its first number is above the second`);
  return { low, high };
}

/**
 * Reads a region in ICRS degrees, and returns it as ADQL (SIA 2.0, 2.1.1).
 * @throws DomainError `search.bad-parameter`
 */
export function regionOf(name: string, text: string): string {
  const [shape = '', ...numbers] = text.trim().split(/\s+/);
  switch (shape.toUpperCase()) {
    case 'CIRCLE':
      return circleOf(name, numbers);
    case 'RANGE':
      return rangeOf(name, numbers);
    case 'POLYGON':
      return polygonOf(name, numbers);
    default:
      throw badParameter(
        `${name} is '${text.slice(0, 80)}'; expected CIRCLE longitude latitude radius, RANGE longitude1 longitude2 ` +
          'latitude1 latitude2, or POLYGON longitude1 latitude1 ..., in ICRS degrees',
      );
  }
}

function circleOf(name: string, numbers: readonly string[]): string {
  const [longitude = '', latitude = '', radius = ''] = numbers;
  if (numbers.length !== 3) throw wrongCount(name, 'CIRCLE', '3 numbers', numbers.length);
  const values = [...positionOf(name, longitude, latitude), numberWithin(name, radius, 0, 180)];
  return `CIRCLE(${values.join(', ')})`;
}

/** Longitudes go eastwards from the first to the second, over 0 if the first is larger. */
function rangeOf(name: string, numbers: readonly string[]): string {
  if (numbers.length !== 4) throw wrongCount(name, 'RANGE', '4 numbers', numbers.length);
  const [west = 0, east = 0, south = 0, north = 0] = numbers.map((text, index) => {
    const [low, high] = index < 2 ? [0, 360] : [-90, 90];
    const sign = INFINITY.exec(text)?.[1];
    if (sign !== undefined) return sign === '-' ? low : high;
    return numberWithin(name, text, low, high);
  });
  if (south > north)
    throw badParameter(`${name} has the latitudes ${south} and ${north}: the first is above the second`);
  return `RANGE_S2D(${west}, ${east}, ${south}, ${north})`;
}

function polygonOf(name: string, numbers: readonly string[]): string {
  if (numbers.length < 6 || numbers.length % 2 !== 0) {
    throw wrongCount(name, 'POLYGON', 'at least 3 pairs of numbers', numbers.length);
  }
  const values: number[] = [];
  for (let index = 0; index < numbers.length; index += 2) {
    values.push(...positionOf(name, numbers[index] ?? '', numbers[index + 1] ?? ''));
  }
  try {
    footprintOf(`Polygon ICRS ${values.join(' ')}`);
  } catch (error) {
    if (error instanceof ShapeError) throw badParameter(`${name}: ${error.message}`);
    throw error;
  }
  return `POLYGON(${values.join(', ')})`;
}

function positionOf(name: string, longitude: string, latitude: string): [number, number] {
  return [numberWithin(name, longitude, 0, 360), numberWithin(name, latitude, -90, 90)];
}

function wrongCount(name: string, shape: string, wanted: string, count: number): Error {
  return badParameter(`${name} is a ${shape} with ${count} numbers; expected ${wanted}`);
}

function endOf(name: string, text: string, example: string): number {
  const sign = INFINITY.exec(text)?.[1];
  if (sign !== undefined) return sign === '-' ? -Infinity : Infinity;
  if (!NUMBER.test(text)) {
    throw badParameter(`${name} has '${text.slice(0, 40)}' where a number, -Inf or +Inf is expected: ${example}`);
  }
  return numberOf(name, text);
}
