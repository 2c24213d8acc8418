/** Where objects are kept: the port, and its adapters for a directory and for S3. */
export { alignedMemory } from './aligned-memory';
export { BufferCycle } from './buffer-cycle';
export * from './chunk-rules';
export * from './chunk-sum';
export { ChunkWriter } from './chunk-writer';
export * from './chunked-upload';
export * from './directory/directory-object-store';
export * from './object-key';
export * from './object-store.error';
export * from './object-store.module';
export * from './object-store.port';
export { MAX_LINK_SECONDS } from './presigned-link';
export * from './s3/s3-object-store';
