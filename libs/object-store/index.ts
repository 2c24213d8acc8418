/**
 * The object store: the port `ObjectStore`, its adapters for a directory and for S3, and what callers need to upload
 * in chunks. PUT.md describes what a crash leaves behind at each step of an upload.
 */
export * from './buffers';
export * from './chunked-upload';
export {
  checkChunkSize,
  chunkSizeFor,
  chunkSum,
  LARGE_CHUNK,
  MAX_CHUNK_SIZE,
  MAX_CHUNKS,
  MAX_OBJECT_SIZE,
  MAX_PUT_SIZE,
  MIN_CHUNK_SIZE,
  sumText,
} from './chunks';
export * from './directory/directory-object-store';
export { isKey, isSegment, MAX_KEY_LENGTH, MAX_LINK_SECONDS } from './object-key';
export * from './manifest-reader';
export * from './object-store.error';
export * from './object-store.module';
export * from './object-store.port';
export * from './recorded-object';
export * from './s3/s3-object-store';
