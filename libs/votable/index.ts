/** Tables of the Virtual Observatory, in many forms: encodes rows while they arrive, and reads tables. Pure. */
export * from './encode';
export * from './field';
export * from './format';
export { type RowBatch, type RowForm, rowsOf, TEXT_ROWS } from './row-batch';
export * from './row-encoder';
export * from './service-descriptor';
export { attribute, element, XML_DECLARATION, xmlText } from './xml';
export { errorDocument } from './votable-document';
export { readCsv } from './read/csv-reader';
export { TableError } from './read/table.error';
export { arrayShape } from './read/table-field';
export type { ArrayShape, TableDatatype, TableField } from './read/table-field';
export { readVotable, type TableReading } from './read/votable-reader';
