import { Context } from '../compile/context';
import { arrayLiteral, doubleLiteral } from '../compile/literal';
import { doubleSql, Geometry, GeometryType, isText, kindOf, Value } from '../compile/value';
import { Call, Expression } from '../grammar/ast';
import { withoutCoordinateSystem } from '../grammar/check-query';
import { Fault } from '../grammar/fault';
import { box, circle, encodeShape, Part, polygon, position, range, ShapeError } from '../sphere/shape';
import { readStcS } from '../sphere/stc-s';
import { fromFrame, rotationBetween } from './frames';

/** A geometry as a value. */
function geometryValue(at: number, geometry: Geometry): Value {
  return { sql: geometry.shape ?? 'NULL', type: geometry.type, at, metadata: {}, geometry };
}

/** @throws {Fault} */
function constant(type: GeometryType, at: number, make: () => readonly Part[], literals?: readonly number[]): Value {
  try {
    const parts = make();
    const shape = arrayLiteral(encodeShape(parts));
    const coordinates = literals?.map(doubleLiteral);
    return geometryValue(at, { type, shape, parts, coordinates, literals });
  } catch (error) {
    if (error instanceof ShapeError) throw new Fault(error.message, at);
    throw error;
  }
}

/**
 * Compiles POINT, CIRCLE, BOX, POLYGON, REGION and CENTROID (§4.2).
 * @throws {Fault}
 */
export function constructGeometry(call: Call, valueOf: (value: Expression) => Value, context: Context): Value {
  const { name, at, args } = call;
  const [only] = args;
  if (name === 'REGION') {
    return constant('REGION', at, () => readStcS(only?.kind === 'string' ? only.value : ''));
  }
  if (name === 'CENTROID' && only) {
    const point = pointOf(context.call('sky_centroid', shapeOf(valueOf(only), context)));
    return { ...point, at, metadata: {} };
  }
  const rest = withoutCoordinateSystem(args);
  const [system] = args;
  const frame = rest.length < args.length && system?.kind === 'string' ? fromFrame(system.value, system.at) : undefined;
  const made = ofNumbers(name, at, rest.map(valueOf), context);
  if (frame === undefined) return made;
  const { geometry } = made;
  const rotated = context.call('sky_rotate', geometry?.shape ?? 'NULL', arrayLiteral(frame));
  return geometryValue(at, { type: geometry?.type ?? 'REGION', shape: rotated });
}

function ofNumbers(name: string, at: number, values: readonly Value[], context: Context): Value {
  const numbers = name === 'POLYGON' ? polygonNumbers(values, context) : numbersOf(values, name, context);
  const literals = numbers.map(({ literal }) => literal);
  const sqls = numbers.map((value) => doubleSql(value, name));
  const known = literals.every((literal) => typeof literal === 'number') ? literals : undefined;
  const [longitude = NaN, latitude = NaN, width = NaN, height = NaN] = known ?? [];
  switch (name) {
    case 'POINT': {
      if (known) return constant('POINT', at, () => [circle(position(longitude, latitude), 0)], known);
      const indexedPoint = indexedPointOf(values[0], values[1]);
      const shape = context.call('sky_point', ...sqls);
      return geometryValue(at, { type: 'POINT', shape, coordinates: sqls, indexedPoint });
    }
    case 'CIRCLE':
      if (known) return constant('CIRCLE', at, () => [circle(position(longitude, latitude), width)], known);
      return geometryValue(at, { type: 'CIRCLE', shape: context.call('sky_circle', ...sqls), coordinates: sqls });
    case 'BOX':
      if (known) return constant('POLYGON', at, () => [box(position(longitude, latitude), width, height)]);
      return geometryValue(at, { type: 'POLYGON', shape: context.call('sky_rectangle', ...sqls) });
    default: {
      if (known) {
        const corners = known.flatMap((first, index) =>
          index % 2 === 0 ? [() => position(first, known[index + 1] ?? NaN)] : [],
        );
        return constant('POLYGON', at, () => [polygon(corners.map((corner) => corner()))], known);
      }
      const shape = context.call('sky_polygon', `ARRAY[${sqls.join(', ')}]`);
      return geometryValue(at, { type: 'POLYGON', shape, coordinates: sqls });
    }
  }
}

/** The position of a pair of columns that has an index. */
export function indexedPointOf(longitude: Value | undefined, latitude: Value | undefined): string | undefined {
  const [first, second] = [longitude?.column, latitude?.column];
  if (first === undefined || second === undefined || first.source !== second.source) return undefined;
  return first.source.positions.find((pair) => pair.longitude === first.name && pair.latitude === second.name)?.point;
}

/** Replaces a point that comes first by its two coordinates. */
function numbersOf(values: readonly Value[], name: string, context: Context): Value[] {
  const [first, ...rest] = values;
  return first?.type === 'POINT' && name !== 'POINT' ? [...coordinatesOf(first, context), ...rest] : [...values];
}

function polygonNumbers(values: readonly Value[], context: Context): Value[] {
  if (!values.every(({ type }) => type === 'POINT')) return [...values];
  return values.flatMap((value) => coordinatesOf(value, context));
}

/** Returns longitude and latitude of a point. @throws {Fault} */
export function coordinatesOf(value: Value, context: Context): [Value, Value] {
  const { geometry, at } = value;
  if (geometry?.type !== 'POINT') {
    throw new Fault(`${kindOf(value)} is no point`, at, { expected: ['a point'] });
  }
  const shape = geometry.shape ?? '';
  const [longitude, latitude] =
    geometry.coordinates ??
    (geometry.numbers !== undefined
      ? [`${geometry.numbers}[1]`, `${geometry.numbers}[2]`]
      : [context.call('sky_longitude', shape), context.call('sky_latitude', shape)]);
  const number = (sql: string | undefined, literal: number | undefined): Value => ({
    sql: sql ?? 'NULL',
    type: 'DOUBLE',
    at,
    metadata: { unit: 'deg' },
    literal,
  });
  return [number(longitude, geometry.literals?.[0]), number(latitude, geometry.literals?.[1])];
}

/** Returns SQL of the shape of a geometry. @throws {Fault} */
export function shapeOf(value: Value, context: Context): string {
  const { geometry, at } = value;
  if (value.type === 'NULL') return 'NULL::double precision[]';
  if (geometry?.shape !== undefined) return geometry.shape;
  const { type, numbers } = geometry ?? {};
  if (numbers === undefined) {
    const problem =
      type === undefined ? `${kindOf(value)} is no geometry` : 'only the text of this region is known here';
    throw new Fault(problem, at, { expected: ['a geometry'] });
  }
  if (type === 'POLYGON') return context.call('sky_polygon', numbers);
  if (type === 'CIRCLE') return context.call('sky_circle', `${numbers}[1]`, `${numbers}[2]`, `${numbers}[3]`);
  return context.call('sky_point', `${numbers}[1]`, `${numbers}[2]`);
}

/** A point of which the SQL of the shape is known. */
export function pointOf(shape: string): Pick<Value, 'sql' | 'type' | 'geometry'> {
  return { sql: shape, type: 'POINT', geometry: { type: 'POINT', shape } };
}

/** RANGE_S2D(west, east, south, north). @throws {Fault} */
export function rangeOf(values: readonly Value[], at: number, context: Context): Value {
  const sqls = values.map((value) => doubleSql(value, 'RANGE_S2D'));
  const [west, east, low, high] = values.map(({ literal }) => literal);
  if (typeof west === 'number' && typeof east === 'number' && typeof low === 'number' && typeof high === 'number') {
    return constant('REGION', at, () => [range(west, east, low, high)]);
  }
  return geometryValue(at, { type: 'REGION', shape: context.call('sky_range', ...sqls) });
}

/** ivo_geom_transform. @throws {Fault} */
export function transformed(from: Value, to: Value, value: Value, context: Context): Value {
  const rotation = rotationBetween(from, to);
  const type = value.geometry?.type ?? 'REGION';
  const shape = context.call('sky_rotate', shapeOf(value, context), arrayLiteral(rotation));
  return geometryValue(value.at, { type, shape });
}

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

/** CAST of DALI's text of a geometry (§4.8.1). @throws {Fault} */
export function castGeometry(value: Value, type: 'POINT' | 'CIRCLE' | 'POLYGON', at: number, context: Context): Value {
  if (value.type === type) return value;
  if (typeof value.literal !== 'string' || !isText(value.type)) {
    throw new Fault(`CAST makes a ${type} of a text in quotes only`, at, {
      expected: ["numbers in quotes: '10.5 -20'"],
    });
  }
  const words = value.literal.trim().split(/[\s,]+/);
  const count = { POINT: 2, CIRCLE: 3, POLYGON: words.length }[type];
  if (!words.every((word) => NUMBER.test(word)) || words.length !== count || (type === 'POLYGON' && count % 2 !== 0)) {
    throw new Fault(`a text is no ${type}`, value.at, { expected: ["numbers in quotes: '10.5 -20'"] });
  }
  const numbers = words.map((word): Value => {
    const literal = Number(word);
    return { sql: `(${literal}::double precision)`, type: 'DOUBLE', at: value.at, metadata: {}, literal };
  });
  return ofNumbers(type, at, numbers, context);
}
