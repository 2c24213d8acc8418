import { chunkSum } from './chunk-sum';
import type { ObjectStore, Upload, UploadedChunk } from './object-store.port';

/**
 * A multipart upload of which only those chunks are written that are not there yet: one that a killed job began goes on
 * where it stopped.
 */
export class ChunkedUpload {
  private readonly done: UploadedChunk[] = [];
  private readonly bytes = { sent: 0, kept: 0 };

  private constructor(
    private readonly store: ObjectStore,
    private readonly upload: Upload,
    private readonly there: ReadonlyMap<number, UploadedChunk>,
  ) {}

  /** Takes up the unfinished upload of this key, or begins one. */
  static async resume(store: ObjectStore, key: string, chunkSize: number): Promise<ChunkedUpload> {
    const found = await store.findUpload(key, chunkSize);
    const upload = found ?? (await store.startUpload(key, chunkSize));
    const there = found === null ? [] : await store.listChunks(upload);
    return new ChunkedUpload(store, upload, new Map(there.map((chunk) => [chunk.number, chunk])));
  }

  /** Bytes that were sent to the store, and bytes that were there from an earlier run. */
  get progress(): { readonly sent: number; readonly kept: number } {
    return this.bytes;
  }

  /**
   * Resolves when the chunk is durably in the store, whose memory may then be used again; several may be on their way.
   * @param number its place, from 1
   * @param sum its `chunkSum`, where that is known
   */
  async send(number: number, bytes: Uint8Array, sum = chunkSum(bytes)): Promise<void> {
    const there = this.there.get(number);
    if (there !== undefined && (await this.store.holds(this.upload, there, bytes))) {
      this.bytes.kept += bytes.length;
      this.done.push(there);
    } else {
      this.done.push(await this.store.writeChunk(this.upload, number, bytes, sum));
      this.bytes.sent += bytes.length;
    }
  }

  /** Makes the object of the chunks that were sent; nothing was visible before. */
  async complete(): Promise<void> {
    await this.store.completeUpload(this.upload, this.done);
  }
}
