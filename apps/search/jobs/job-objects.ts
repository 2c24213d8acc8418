import { createHash } from 'node:crypto';
import { searchJobFolder } from '@almagest/contracts';
import {
  alignedMemory,
  ChunkedUpload,
  ChunkWriter,
  MIN_CHUNK_SIZE,
  OBJECT_STORE,
  type ObjectStore,
  RecordedObject,
} from '@almagest/object-store';
import type { StoredContent } from '@almagest/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Upload } from '../uploads/upload';
import type { JobResult, JobRow, JobUpload } from './job.entity';

/** Chunks in memory while a result is stored: one is filled while the other is sent. */
const BUFFERS = 2;

type StoredObject = Pick<JobResult, 'key' | 'size' | 'sha256'>;

/** The objects of jobs in the object store. Each run has a key of its own, so a result is written once. */
@Injectable()
export class JobObjects {
  constructor(@Inject(OBJECT_STORE) private readonly store: ObjectStore) {}

  /**
   * Stores an object while it arrives. Nothing is visible under the key until all of it is stored.
   * @param limit bytes at most
   * @throws what `tooLarge` returns; ObjectStoreError; the reason of the signal; the error of the pieces
   */
  async write(
    key: string,
    pieces: AsyncIterable<Buffer>,
    { limit, tooLarge, signal }: { limit: number; tooLarge: () => Error; signal: AbortSignal },
  ): Promise<StoredObject> {
    const hash = createHash('sha256');
    const upload = await ChunkedUpload.resume(this.store, key, MIN_CHUNK_SIZE);
    const writer = new ChunkWriter(
      upload,
      Array.from({ length: BUFFERS }, () => alignedMemory(MIN_CHUNK_SIZE)),
    );
    let size = 0;
    try {
      for await (const piece of pieces) {
        signal.throwIfAborted();
        size += piece.length;
        if (size > limit) throw tooLarge();
        hash.update(piece);
        await writer.write(piece);
      }
      await writer.finish();
      // An upload has at least one chunk.
      if (size > 0) await upload.complete();
      else {
        await this.store.put(key, Buffer.alloc(0));
        await this.abortUploads(key);
      }
      return { key, size, sha256: hash.digest('hex') };
    } finally {
      await writer.settle();
    }
  }

  /** Returns the stored result of a job for an answer with ranges. */
  content(job: JobRow, result: JobResult, fileName: string): StoredContent {
    const object = new RecordedObject(this.store, { ...result, damaged: null });
    return {
      fileName,
      mediaType: result.mediaType,
      size: result.size,
      sha256: result.sha256,
      lastModified: job.ended_at ?? job.created_at,
      read: (range, signal) => object.read(range, signal),
      check: () => object.check(),
    };
  }

  /** Returns a stored table for the query that uses it. */
  upload({ name, mediaType, key }: JobUpload): Upload {
    return { name, mediaType, open: () => this.store.read(key) };
  }

  /** Deletes everything of a job. @throws ObjectStoreError */
  async remove(id: string): Promise<void> {
    await this.removeBelow(`${searchJobFolder(id)}/`);
  }

  /** Deletes the objects with this prefix and their unfinished uploads. @throws ObjectStoreError */
  async removeBelow(prefix: string): Promise<void> {
    await this.abortUploads(prefix);
    for await (const { key } of this.store.list(prefix)) await this.store.delete(key);
  }

  private async abortUploads(prefix: string): Promise<void> {
    for await (const upload of this.store.listUploads(prefix)) await this.store.abortUpload(upload);
  }
}
