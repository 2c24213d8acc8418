import { ObjectStoreError } from './object-store.error';
import type { UploadedChunk } from './object-store.port';

const MIB = 1024 * 1024;

/** S3's least size of every chunk except the last. */
export const MIN_CHUNK_SIZE = 5 * MIB;
/** A chunk is held in memory while it is sent. */
export const MAX_CHUNK_SIZE = 1024 * MIB;
/** S3's limit on the chunks of one upload. */
export const MAX_CHUNKS = 10_000;
/** S3's limit on an object, 5 TiB. */
export const MAX_OBJECT_SIZE = 5 * 1024 * 1024 * MIB;
/** Above this an object is to be uploaded in chunks. */
export const MAX_PUT_SIZE = 64 * MIB;

/** Chunks have this size at least and, unless there were too many of them, at most. */
const SMALL_CHUNK = 8 * MIB;
export const LARGE_CHUNK = 16 * MIB;
/** A chunk is no more than this part of an object that is not small: what a killed job has on its way is sent again. */
const FEWEST_CHUNKS = 64;

/**
 * The chunk size for an object of this size: the fewer chunks, the fewer requests, but each takes memory (docs/adr/0033).
 * Depends on nothing else, so that a restarted job finds the same one again. A part can be 146 GiB.
 * @throws ObjectStoreError `object-store.too-large`
 */
export function chunkSizeFor(objectSize: number): number {
  if (!Number.isSafeInteger(objectSize) || objectSize < 0 || objectSize > MAX_OBJECT_SIZE) {
    throw new ObjectStoreError('object-store.too-large', `an object of ${objectSize} bytes cannot be stored`);
  }
  const usual = Math.floor(objectSize / FEWEST_CHUNKS / MIB) * MIB;
  const least = Math.ceil(objectSize / MAX_CHUNKS / MIB) * MIB;
  return Math.max(Math.min(Math.max(usual, SMALL_CHUNK), LARGE_CHUNK), least);
}

/**
 * Lets the chunk size of an upload through.
 * @throws ObjectStoreError `object-store.bad-chunk`
 */
export function checkChunkSize(chunkSize: number): number {
  if (!Number.isSafeInteger(chunkSize) || chunkSize < MIN_CHUNK_SIZE || chunkSize > MAX_CHUNK_SIZE) {
    throw badChunk(`a chunk size of ${chunkSize} bytes is outside ${MIN_CHUNK_SIZE} to ${MAX_CHUNK_SIZE}`);
  }
  return chunkSize;
}

/**
 * Refuses a chunk that no upload of this chunk size can have.
 * @throws ObjectStoreError `object-store.bad-chunk`
 */
export function checkChunk(number: number, size: number, chunkSize: number): void {
  if (!Number.isSafeInteger(number) || number < 1 || number > MAX_CHUNKS) {
    throw badChunk(`chunk number ${number} is outside 1 to ${MAX_CHUNKS}`);
  }
  if (size < 1 || size > chunkSize) {
    throw badChunk(`chunk ${number} has ${size} bytes; 1 to ${chunkSize} are allowed`);
  }
}

/**
 * Puts the chunks of a whole object in order: numbers 1 to n, all of the chunk size except the last.
 * @throws ObjectStoreError `object-store.bad-chunk`
 */
export function checkChunkList(chunks: readonly UploadedChunk[], chunkSize: number): UploadedChunk[] {
  const ordered = [...chunks].sort((a, b) => a.number - b.number);
  if (ordered.length === 0) throw badChunk('an upload cannot be completed without a chunk');
  for (const [index, chunk] of ordered.entries()) {
    checkChunk(chunk.number, chunk.size, chunkSize);
    if (chunk.number !== index + 1) throw badChunk(`chunk ${index + 1} is missing or named twice`);
    if (chunk.size !== chunkSize && chunk.number !== ordered.length) {
      throw badChunk(`chunk ${chunk.number} has ${chunk.size} of ${chunkSize} bytes and is not the last`);
    }
  }
  return ordered;
}

/** Bytes of the object these chunks make. */
export function totalSize(chunks: readonly UploadedChunk[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.size, 0);
}

function badChunk(message: string): ObjectStoreError {
  return new ObjectStoreError('object-store.bad-chunk', message);
}
