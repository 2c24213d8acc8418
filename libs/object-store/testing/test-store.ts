import { randomFillSync } from 'node:crypto';
import { MIN_CHUNK_SIZE } from '../chunks';
import type { ObjectStore, Upload, UploadedChunk } from '../object-store.port';

/** A fresh, empty store. */
export interface TestStore {
  readonly store: ObjectStore;
  /** Creates another instance of the adapter on the same bucket or directory, as after a restart. */
  readonly reopen: () => Promise<ObjectStore>;
  /** Removes the store and all its content. */
  readonly stop: () => Promise<void>;
}

export type MakeStore = () => Promise<TestStore>;

/** Returns the store of the running test. */
export type Place = () => TestStore;

export const CHUNK = MIN_CHUNK_SIZE;

/** Returns random bytes. */
export function someBytes(size: number): Buffer {
  return randomFillSync(Buffer.alloc(size));
}

/** Returns all the bytes of an object. */
export async function bytesOf(
  store: ObjectStore,
  key: string,
  range?: { start: number; end: number },
): Promise<Buffer> {
  return Buffer.concat(await collect((await store.read(key, range && { range })) as AsyncIterable<Buffer>));
}

/** Uploads the bytes chunk by chunk, without completing. */
export async function writeAll(store: ObjectStore, upload: Upload, bytes: Buffer): Promise<UploadedChunk[]> {
  const chunks: UploadedChunk[] = [];
  for (let start = 0; start < bytes.length; start += upload.chunkSize) {
    chunks.push(await store.writeChunk(upload, chunks.length + 1, bytes.subarray(start, start + upload.chunkSize)));
  }
  return chunks;
}

/** Stores the bytes with a completed upload. */
export async function upload(
  store: ObjectStore,
  key: string,
  bytes: Buffer,
): Promise<{ upload: Upload; chunks: UploadedChunk[] }> {
  const started = await store.startUpload(key, CHUNK);
  const chunks = await writeAll(store, started, bytes);
  await store.completeUpload(started, chunks);
  return { upload: started, chunks };
}

/** Collects all items of an async iterable. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Matches an ObjectStoreError of this code in `toMatchObject`. */
export function failure(code: string): object {
  return { name: 'ObjectStoreError', code: `object-store.${code}` };
}
