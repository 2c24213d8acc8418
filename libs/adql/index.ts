/**
 * ADQL 2.1 (REC-ADQL-2.1, 2023-12-15) in, one SQL query for PostgreSQL out. Pure: needs no database.
 */
export * from './adql.error';
export { isKnownFunction, USER_DEFINED_FUNCTIONS } from './functions/user-defined';
export type { UserDefinedFunction } from './functions/user-defined';
export { parse } from './grammar/parse';
export * from './schema';
export { footprintOf, ShapeError } from './sphere/footprint';
export type { Footprint } from './sphere/footprint';
export { skyRegion } from './sphere/sky-region';
export type { SkyRegion } from './sphere/sky-region';
export { functionsSql } from './sql/functions-sql';
export { translate } from './translate';
