import { skyRegion } from '@almagest/adql';
import { max_pixrad, order2nside, pix2vec_nest } from '@hscmap/healpix';

/** The order of HEALPix of coverage: cells of 3.4 arcmin. */
export const MOC_ORDER = 10;
/** Regions are compared with the cells of this order: a cell that has such a part near the region belongs to it. */
const FINEST = 12;
const CHILDREN = [0, 1, 2, 3];
/** More than the rounding of a distance, in radians. */
const MARGIN = 1e-9;

const RADII = Array.from({ length: FINEST + 1 }, (_, order) => max_pixrad(order2nside(order)) + MARGIN);

/** Cells in the nested numbering, from the first to one before the second. */
export type CellRange = readonly [number, number];

/**
 * Returns the cells of order MOC_ORDER that cover a region: every cell that has a point of it, and none that is farther
 * from it than a cell of the finest order is wide. The ranges are in order, and do not touch.
 * @param region STC-S in ICRS
 * @throws {ShapeError}
 */
export function coveringCells(region: string): CellRange[] {
  const { distance } = skyRegion(region);
  const ranges: [number, number][] = [];
  const add = (first: number, end: number): void => {
    const last = ranges.at(-1);
    if (last?.[1] === first) last[1] = end;
    else ranges.push([first, end]);
  };
  const placeOf = (order: number, cell: number): 'outside' | 'inside' | 'edge' => {
    const radius = RADII[order] ?? 0;
    const away = distance(pix2vec_nest(order2nside(order), cell));
    return away > radius ? 'outside' : away < -radius ? 'inside' : 'edge';
  };
  const touches = (order: number, cell: number): boolean => {
    const place = placeOf(order, cell);
    if (place !== 'edge' || order === FINEST) return place !== 'outside';
    return CHILDREN.some((child) => touches(order + 1, 4 * cell + child));
  };
  const visit = (order: number, cell: number): void => {
    if (order === MOC_ORDER) {
      if (touches(order, cell)) add(cell, cell + 1);
      return;
    }
    const place = placeOf(order, cell);
    const parts = 4 ** (MOC_ORDER - order);
    if (place === 'inside') add(cell * parts, (cell + 1) * parts);
    else if (place === 'edge') for (const child of CHILDREN) visit(order + 1, 4 * cell + child);
  };
  for (let cell = 0; cell < 12; cell++) visit(0, cell);
  return ranges;
}
