/** The catalogue's tables and the queries that read them; only the catalogue service writes. */
export * from './catalogue-reader.module';
export * from './entities';
export { BYTES } from './entities/columns';
export * from './reading/catalogue-reader';
export * from './reading/data-subjects';
export * from './reading/resources';
