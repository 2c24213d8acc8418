/**
 * The client of the archive: its HTTP API with typed answers, and downloads that resume, verify SHA-256 and unpack into
 * a folder. For pipelines and mirrors as well as for the command line; it prints nothing.
 *
 * `ArchiveClient.at({ url, token })` is the API; `fetchFiles` and `fetchUnpacked` download into a `Folder`.
 */
export * from './archive-client.error';
export * from './fetching/announced';
export * from './fetching/fetch-delivery';
export type { WantedFile } from './fetching/fetch-file';
export * from './fetching/fetch-progress';
export * from './files/disk';
export * from './files/hash-file';
export * from './files/staged-file';
export * from './http/archive-client';
export * from './http/archive-requests';
export * from './http/follow-result';
export { type QueryStatus, queryStatusIn } from './http/query-status';
export * from './http/search-client';
export * from './http/upkeep-client';
export { Folder, stepsOf, unsafeName } from './unpacking/folder';
export { Unpacker } from './unpacking/unpacker';
