/** The functions of the standard that are called as NAME(arguments). User-defined functions are in `user-defined.ts`. */
export interface Signature {
  group: 'mathematics' | 'text' | 'aggregate' | 'geometry' | 'measure' | 'other';
  /** Number of arguments; for `geometry`, `checkQuery` counts them. */
  min: number;
  max: number;
}

function signatures(group: Signature['group'], min: number, max: number, names: string): [string, Signature][] {
  return names.split(' ').map((name) => [name, { group, min, max }]);
}

/** By name in upper case. */
export const SIGNATURES: ReadonlyMap<string, Signature> = new Map([
  ...signatures('mathematics', 1, 1, 'ABS CEILING DEGREES EXP FLOOR LOG LOG10 RADIANS SQRT'),
  ...signatures('mathematics', 1, 1, 'ACOS ASIN ATAN COS COT SIN TAN'),
  ...signatures('mathematics', 2, 2, 'ATAN2 MOD POWER'),
  ...signatures('mathematics', 0, 0, 'PI'),
  ...signatures('mathematics', 0, 1, 'RAND'),
  ...signatures('mathematics', 1, 2, 'ROUND TRUNCATE'),
  ...signatures('text', 1, 1, 'LOWER UPPER'),
  ...signatures('aggregate', 1, 1, 'AVG COUNT MAX MIN SUM'),
  ...signatures('geometry', 0, Infinity, 'POINT CIRCLE BOX POLYGON'),
  ...signatures('geometry', 1, 1, 'REGION CENTROID'),
  ...signatures('measure', 1, 1, 'AREA COORD1 COORD2 COORDSYS'),
  ...signatures('measure', 2, 2, 'CONTAINS INTERSECTS'),
  ...signatures('measure', 2, 4, 'DISTANCE'),
  ...signatures('other', 1, Infinity, 'COALESCE'),
  ...signatures('other', 2, 2, 'IN_UNIT'),
]);
