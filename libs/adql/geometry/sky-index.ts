import { Context } from '../compile/context';
import { doubleLiteral } from '../compile/literal';
import { Box, queryBoxes } from '../sphere/boxes';
import { Part } from '../sphere/shape';

/** What may be near in the index: a constant, or SQL of a shape. */
export interface Target {
  parts?: readonly Part[];
  shape: string;
}

/**
 * Returns the condition that an index of boxes or points serves. RA 0 cuts the sky: near it, boxes are looked up a
 * second time, a turn away.
 * @param operator `&&` for a column of type box, `<@` for one of type point
 */
export function indexCondition(column: string, operator: '&&' | '<@', target: Target, context: Context): string {
  context.usesSkyIndex = true;
  const boxes =
    target.parts === undefined
      ? [0, 1, -1].map((turn) => context.call('sky_box', target.shape, `${turn}`))
      : queryBoxes(target.parts).map(boxLiteral);
  return `(${boxes.map((box) => `${column} ${operator} ${box}`).join(' OR ')})`;
}

function boxLiteral({ west, east, south, north }: Box): string {
  const point = (x: number, y: number): string => `point(${doubleLiteral(x)}, ${doubleLiteral(y)})`;
  return `box(${point(west, south)}, ${point(east, north)})`;
}
