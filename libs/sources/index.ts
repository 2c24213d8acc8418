/**
 * Where parts and raw data are read from: files, web servers, S3 and NGAS, within what the configuration allows. Reads
 * resume by themselves when a connection is lost.
 */
export { pathInside } from './file.source';
export * from './source';
export * from './source.error';
export * from './sources';
