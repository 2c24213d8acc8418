import type { ObjectStore, Upload, UploadedChunk } from '@almagest/object-store';

/** Chunks on their way to the store at the same time; each holds one chunk of memory. */
const IN_FLIGHT = 3;

/**
 * Cuts a stream into the chunks of a multipart upload and writes those that are not there yet: an upload that a killed
 * job began goes on where it stopped.
 */
export class ChunkedUpload {
  private readonly done: UploadedChunk[] = [];
  private readonly flying = new Set<Promise<void>>();
  private pieces: Uint8Array[] = [];
  private pending = 0;
  private number = 0;
  private failure: Error | undefined;

  private constructor(
    private readonly store: ObjectStore,
    readonly upload: Upload,
    private readonly there: ReadonlyMap<number, UploadedChunk>,
  ) {}

  /** Takes up the unfinished upload of this key, or begins one. */
  static async resume(store: ObjectStore, key: string, chunkSize: number): Promise<ChunkedUpload> {
    const found = await store.findUpload(key, chunkSize);
    const upload = found ?? (await store.startUpload(key, chunkSize));
    const there = found === null ? [] : await store.listChunks(upload);
    return new ChunkedUpload(store, upload, new Map(there.map((chunk) => [chunk.number, chunk])));
  }

  /** Takes the next bytes; resolves when there is room for more. They must not change afterwards. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0;) {
      const piece = rest.subarray(0, this.upload.chunkSize - this.pending);
      rest = rest.subarray(piece.length);
      this.pieces.push(piece);
      this.pending += piece.length;
      if (this.pending === this.upload.chunkSize) await this.send();
    }
  }

  /** Writes what is left; afterwards all chunks are durably in the store, and nothing is visible yet. */
  async finish(): Promise<void> {
    if (this.pending > 0) await this.send();
    await Promise.all(this.flying);
    this.mustBeWell();
  }

  /** Makes the object visible. */
  async complete(): Promise<void> {
    await this.store.completeUpload(this.upload, this.done);
  }

  async abort(): Promise<void> {
    await Promise.allSettled(this.flying);
    await this.store.abortUpload(this.upload);
  }

  private async send(): Promise<void> {
    while (this.flying.size >= IN_FLIGHT) await Promise.race(this.flying);
    this.mustBeWell();
    const bytes = this.pieces.length === 1 && this.pieces[0] ? this.pieces[0] : Buffer.concat(this.pieces);
    this.pieces = [];
    this.pending = 0;
    const flight: Promise<void> = this.sendOne(++this.number, bytes)
      .then((chunk) => void this.done.push(chunk))
      .catch((error: unknown) => void (this.failure ??= error instanceof Error ? error : new Error(String(error))))
      .finally(() => this.flying.delete(flight));
    this.flying.add(flight);
  }

  private async sendOne(number: number, bytes: Uint8Array): Promise<UploadedChunk> {
    const there = this.there.get(number);
    if (there?.size === bytes.length && there.etag === (await this.store.chunkTag(bytes))) return there;
    return this.store.writeChunk(this.upload, number, bytes);
  }

  private mustBeWell(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}
