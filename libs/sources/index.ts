/** Where the archive reads from: files, web servers, S3, NGAS; inside what the configuration allows. */
export { pathInside } from './file.source';
export * from './source';
export * from './source.config';
export * from './source.error';
export * from './sources';
export * from './stream-reader';
