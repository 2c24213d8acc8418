/** The tar codec: reading an archive with the offsets of its members, and deterministic packing of a tree into parts. */
export * from './pack/part-pack';
export * from './pack/part-plan';
export * from './pack/planned-entry';
export * from './read/stored-content';
export * from './read/tar.reader';
export * from './tar-entry';
export * from './tar-limits';
export * from './tar.error';
