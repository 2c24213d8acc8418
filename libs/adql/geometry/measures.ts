import { Context } from '../compile/context';
import { textLiteral } from '../compile/literal';
import { Condition, truth, Value } from '../compile/value';
import { Call } from '../grammar/ast';
import { Fault } from '../grammar/fault';
import { coordinatesOf, shapeOf } from './constructors';
import { distance } from './distance';
import { intersects, isWithin } from './relations';

/**
 * Compiles what geometries are asked for: AREA, COORD1, COORD2, COORDSYS, DISTANCE, CONTAINS, INTERSECTS (§4.2).
 * @throws {Fault}
 */
export function measure({ name, at }: Call, values: readonly Value[], context: Context): Value {
  const [first, second] = values;
  if (first === undefined) throw new Fault(`${name} has no argument`, at);
  const degrees = (sql: string): Value => ({ sql, type: 'DOUBLE', at, metadata: { unit: 'deg' } });
  switch (name) {
    case 'AREA':
      return { ...degrees(context.call('sky_area', shapeOf(first, context))), metadata: { unit: 'deg**2' } };
    case 'COORD1':
      return { ...coordinatesOf(first, context)[0], at };
    case 'COORD2':
      return { ...coordinatesOf(first, context)[1], at };
    case 'COORDSYS':
      // Everything is in ICRS once it is compiled; a region that is NULL has no frame.
      return {
        sql: `CASE WHEN ${first.geometry?.stored ? first.sql : shapeOf(first, context)} IS NOT NULL THEN ${textLiteral('ICRS')} END`,
        type: 'VARCHAR',
        at,
        metadata: {},
      };
    case 'DISTANCE':
      return degrees(distance(values, context));
    default: {
      if (second === undefined) throw new Fault(`${name} has one argument`, at);
      const condition: Condition =
        name === 'CONTAINS' ? isWithin(first, second, context) : intersects(first, second, context);
      return { ...truth(condition), at, metadata: {} };
    }
  }
}
