/**
 * Where parts and raw data are read from: files, web servers, S3 and NGAS, within what the configuration allows. Reads
 * resume by themselves when a connection is lost.
 */
export { type AllowedSources, refusalOf } from './allowed-sources';
export { openAllowed } from './https-request';
export { SilentServerError } from './silent-servers';
export * from './source';
export * from './source.error';
export * from './sources';
