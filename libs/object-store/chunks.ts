import type { Readable } from 'node:stream';
import { crc32 } from '@node-rs/crc32';
import { ObjectStoreError } from './object-store.error';
import type { UploadedChunk } from './object-store.port';

const MIB = 1024 * 1024;

/** S3's minimum size of every chunk except the last. */
export const MIN_CHUNK_SIZE = 5 * MIB;
/** A chunk is in memory while it is sent. */
export const MAX_CHUNK_SIZE = 1024 * MIB;
/** S3's limit on the chunks of one upload. */
export const MAX_CHUNKS = 10_000;
/** S3's limit on an object, 5 TiB. */
export const MAX_OBJECT_SIZE = 5 * 1024 * 1024 * MIB;
/** A larger object must be uploaded in chunks. */
export const MAX_PUT_SIZE = 64 * MIB;

/** The usual limits of a chunk's size. The upper one is exceeded only where an object would need too many chunks. */
const SMALL_CHUNK = 8 * MIB;
export const LARGE_CHUNK = 16 * MIB;
/** Minimum number of chunks of an object that is not small: an interrupted job sends its chunks in flight again. */
const FEWEST_CHUNKS = 64;

/**
 * Returns the chunk size for an object of this size. Larger chunks need fewer requests but more memory
 * (docs/adr/0033). The result depends on the size alone, so a restarted job gets the same one. A part can be 146 GiB.
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
 * Returns the chunk size of an upload if it is valid.
 * @throws ObjectStoreError `object-store.bad-chunk`
 */
export function checkChunkSize(chunkSize: number): number {
  if (!Number.isSafeInteger(chunkSize) || chunkSize < MIN_CHUNK_SIZE || chunkSize > MAX_CHUNK_SIZE) {
    throw badChunk(`a chunk size of ${chunkSize} bytes is outside ${MIN_CHUNK_SIZE} to ${MAX_CHUNK_SIZE}`);
  }
  return chunkSize;
}

/**
 * Checks the number and the size of a chunk of an upload with this chunk size.
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
 * Returns the chunks of a complete object in order. Their numbers must be 1 to n, and all but the last must have the
 * chunk size.
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

/**
 * Checks the size of an object that is stored in one piece.
 * @throws ObjectStoreError `object-store.too-large`
 */
export function checkPutSize(key: string, size: number): void {
  if (size <= MAX_PUT_SIZE) return;
  throw new ObjectStoreError('object-store.too-large', `${key} has ${size} bytes; upload it in chunks`);
}

/** Returns the size of the object that these chunks make, in bytes. */
export function totalSize(chunks: readonly UploadedChunk[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.size, 0);
}

/** Returns the CRC-32 of a chunk as 8 hexadecimal digits: it detects accidental changes on the way to the store. */
export function chunkSum(bytes: Uint8Array): string {
  return sumText(crc32(bytes));
}

/** Returns a CRC-32 as 8 hexadecimal digits. */
export function sumText(sum: number): string {
  return sum.toString(16).padStart(8, '0');
}

/** Computes a chunk's etag from its bytes as they pass. */
export interface ChunkSum {
  update(bytes: Uint8Array): void;
  /** Ends the computation. */
  etag(): string;
}

/**
 * Whether the stream has exactly the content of these chunks, compared by their etags. This is how an adapter distinguishes
 * a repeated completion from a conflict. It reads the whole object, but it is needed only after a crash between the
 * completion of an upload and the caller's record of it.
 */
export async function isMadeOf(
  content: Readable,
  chunks: readonly UploadedChunk[],
  begin: () => ChunkSum,
): Promise<boolean> {
  const expected = chunks.values();
  let chunk = expected.next().value;
  let sum = begin();
  let left = chunk?.size ?? 0;
  for await (let bytes of content as AsyncIterable<Buffer>) {
    while (bytes.length > 0) {
      if (chunk === undefined) return false;
      const taken = Math.min(left, bytes.length);
      sum.update(bytes.subarray(0, taken));
      bytes = bytes.subarray(taken);
      left -= taken;
      if (left > 0) continue;
      if (sum.etag() !== chunk.etag) return false;
      chunk = expected.next().value;
      sum = begin();
      left = chunk?.size ?? 0;
    }
  }
  return chunk === undefined;
}

function badChunk(message: string): ObjectStoreError {
  return new ObjectStoreError('object-store.bad-chunk', message);
}
