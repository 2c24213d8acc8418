import type { ObjectStore, Upload, UploadedChunk } from './object-store.port';

/**
 * Cuts a stream into the chunks of a multipart upload and writes those that are not there yet: an upload that a killed
 * job began goes on where it stopped. As many chunks are on their way at a time as there are buffers, less the one that
 * is being filled.
 */
export class ChunkedUpload {
  private readonly done: UploadedChunk[] = [];
  private readonly flying = new Set<Promise<void>>();
  private readonly free: Buffer[];
  private filling: Buffer | undefined;
  private filled = 0;
  private number = 0;
  private failure: Error | undefined;
  private readonly bytes = { sent: 0, kept: 0 };

  private constructor(
    private readonly store: ObjectStore,
    private readonly upload: Upload,
    private readonly there: ReadonlyMap<number, UploadedChunk>,
    buffers: readonly Buffer[],
  ) {
    this.free = [...buffers];
  }

  /**
   * Takes up the unfinished upload of this key, or begins one.
   * @param buffers two or more, of `chunkSize` bytes each; one does for a single chunk. They are the upload's until `land` has resolved.
   */
  static async resume(
    store: ObjectStore,
    key: string,
    chunkSize: number,
    buffers: readonly Buffer[],
  ): Promise<ChunkedUpload> {
    const found = await store.findUpload(key, chunkSize);
    const upload = found ?? (await store.startUpload(key, chunkSize));
    const there = found === null ? [] : await store.listChunks(upload);
    return new ChunkedUpload(store, upload, new Map(there.map((chunk) => [chunk.number, chunk])), buffers);
  }

  /** Bytes that were sent to the store, and bytes that were there from an earlier run. */
  get progress(): { readonly sent: number; readonly kept: number } {
    return this.bytes;
  }

  /** Takes the next bytes, and resolves when there is room for more; they are copied. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0;) {
      const buffer = (this.filling ??= await this.freeBuffer());
      const piece = rest.subarray(0, this.upload.chunkSize - this.filled);
      buffer.set(piece, this.filled);
      this.filled += piece.length;
      rest = rest.subarray(piece.length);
      if (this.filled === this.upload.chunkSize) this.send(buffer);
    }
  }

  /** Writes what is left; afterwards all chunks are durably in the store, and nothing is visible yet. */
  async finish(): Promise<void> {
    if (this.filling !== undefined) this.send(this.filling);
    await this.land();
    this.mustBeWell();
  }

  /** Makes the object visible. */
  async complete(): Promise<void> {
    await this.store.completeUpload(this.upload, this.done);
  }

  /** Waits for the chunks that are on their way, whatever becomes of them; afterwards the buffers are free. */
  async land(): Promise<void> {
    await Promise.all(this.flying);
  }

  private async freeBuffer(): Promise<Buffer> {
    for (;;) {
      this.mustBeWell();
      const buffer = this.free.pop();
      if (buffer !== undefined) return buffer;
      await Promise.race(this.flying);
    }
  }

  private send(buffer: Buffer): void {
    const bytes = buffer.subarray(0, this.filled);
    this.filling = undefined;
    this.filled = 0;
    const flight: Promise<void> = this.sendOne(++this.number, bytes)
      .then((chunk) => void this.done.push(chunk))
      .catch((error: unknown) => void (this.failure ??= error instanceof Error ? error : new Error(String(error))))
      .finally(() => {
        this.free.push(buffer);
        this.flying.delete(flight);
      });
    this.flying.add(flight);
  }

  private async sendOne(number: number, bytes: Uint8Array): Promise<UploadedChunk> {
    const there = this.there.get(number);
    if (there !== undefined && (await this.store.holds(this.upload, there, bytes))) {
      this.bytes.kept += bytes.length;
      return there;
    }
    const chunk = await this.store.writeChunk(this.upload, number, bytes);
    this.bytes.sent += bytes.length;
    return chunk;
  }

  private mustBeWell(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}
