/** The catalogue's tables and the queries that read them. Only the catalogue service writes to them. */
export * from './catalogue-reader.module';
export * from './entities';
export * from './reading/catalogue-reader';
export * from './reading/data-subjects';
export * from './reading/project-metadata';
export * from './reading/release-dates';
export * from './reading/resources';
export * from './reading/stored-names';
export { type StoredFile } from './reading/stored-file';
