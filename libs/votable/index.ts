/** Tables of the Virtual Observatory: encodes rows as VOTable, CSV, TSV or JSON Lines while they arrive. Pure. */
export * from './encode';
export * from './field';
export * from './format';
export * from './row-encoder';
export { attribute, element, xmlText } from './xml';
export { errorDocument } from './votable-document';
