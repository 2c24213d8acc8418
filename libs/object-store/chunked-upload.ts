import { BufferCycle } from './buffers';
import { chunkSum } from './chunks';
import type { ObjectStore, Upload, UploadedChunk } from './object-store.port';

/** A multipart upload that resumes: chunks that an interrupted job has stored already are not written again. */
export class ChunkedUpload {
  private readonly done: UploadedChunk[] = [];
  private readonly bytes = { sent: 0, kept: 0 };

  private constructor(
    private readonly store: ObjectStore,
    private readonly upload: Upload,
    private readonly existing: ReadonlyMap<number, UploadedChunk>,
  ) {}

  /** Resumes the unfinished upload of this key, or starts one. */
  static async resume(store: ObjectStore, key: string, chunkSize: number): Promise<ChunkedUpload> {
    const found = await store.findUpload(key, chunkSize);
    const upload = found ?? (await store.startUpload(key, chunkSize));
    const existing = found === null ? [] : await store.listChunks(upload);
    return new ChunkedUpload(store, upload, new Map(existing.map((chunk) => [chunk.number, chunk])));
  }

  /** Bytes sent to the store, and bytes kept from an earlier run. */
  get progress(): { readonly sent: number; readonly kept: number } {
    return this.bytes;
  }

  /**
   * Resolves when the chunk is durably in the store; its memory may be reused then. Calls may overlap.
   * @param number its position, from 1
   * @param sum its `chunkSum`, if the caller has it
   */
  async send(number: number, bytes: Uint8Array, sum = chunkSum(bytes)): Promise<void> {
    const existing = this.existing.get(number);
    if (existing !== undefined && (await this.store.holds(this.upload, existing, bytes))) {
      this.bytes.kept += bytes.length;
      this.done.push(existing);
    } else {
      this.done.push(await this.store.writeChunk(this.upload, number, bytes, sum));
      this.bytes.sent += bytes.length;
    }
  }

  /** Makes the object from the chunks that were sent. Nothing is visible before. */
  async complete(): Promise<void> {
    await this.store.completeUpload(this.upload, this.done);
  }
}

/** Splits bytes into the chunks of an upload. One buffer is filled while the chunks in the others are sent. */
export class ChunkWriter {
  private readonly buffers: BufferCycle;
  private filling: Buffer | undefined;
  private filled = 0;
  private number = 0;

  /** @param buffers each of the upload's chunk size; the writer uses them until `settle` has resolved */
  constructor(
    private readonly upload: ChunkedUpload,
    buffers: readonly Buffer[],
  ) {
    this.buffers = new BufferCycle(buffers);
  }

  /**
   * Copies the next bytes, and resolves when there is room for more.
   * @throws ObjectStoreError when a chunk could not be written
   */
  async write(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0;) {
      this.filling ??= await this.buffers.next();
      const taken = rest.subarray(0, this.filling.length - this.filled);
      // `set` copies byte by byte into shared memory when the alignments differ; `fill` does not.
      this.filling.fill(taken, this.filled, this.filled + taken.length);
      this.filled += taken.length;
      rest = rest.subarray(taken.length);
      if (this.filled === this.filling.length) this.send(this.filling);
    }
  }

  /**
   * Writes the remaining bytes, and resolves when all chunks are durably in the store.
   * @throws ObjectStoreError when a chunk could not be written
   */
  async finish(): Promise<void> {
    if (this.filling !== undefined) this.send(this.filling);
    await this.buffers.finish();
  }

  /** Waits for the chunks in flight, whether they succeed or not. */
  async settle(): Promise<void> {
    await this.buffers.settle();
  }

  private send(buffer: Buffer): void {
    this.number += 1;
    this.buffers.release(buffer, this.upload.send(this.number, buffer.subarray(0, this.filled)));
    this.filling = undefined;
    this.filled = 0;
  }
}
