import { randomFillSync } from 'node:crypto';
import { MIN_CHUNK_SIZE } from '../chunk-rules';
import type { ObjectStore, Upload, UploadedChunk } from '../object-store.port';

/** A fresh, empty store. */
export interface TestStore {
  readonly store: ObjectStore;
  /** A new instance of the adapter on the same bucket or directory, as after a restart. */
  readonly reopen: () => Promise<ObjectStore>;
  /** Removes the store with all it holds. */
  readonly stop: () => Promise<void>;
}

export type MakeStore = () => Promise<TestStore>;

/** The store of the test that runs. */
export type Place = () => TestStore;

export const CHUNK = MIN_CHUNK_SIZE;

/** Bytes that no other call gave. */
export function someBytes(size: number): Buffer {
  return randomFillSync(Buffer.alloc(size));
}

/** All the bytes under a key. */
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

/** Stores the bytes as one upload. */
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

/** Everything an async iterable gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** What an ObjectStoreError of this code looks like to `toMatchObject`. */
export function failure(code: string): object {
  return { name: 'ObjectStoreError', code: `object-store.${code}` };
}
