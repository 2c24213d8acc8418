import { BufferCycle } from './buffer-cycle';
import type { ChunkedUpload } from './chunked-upload';

/** Cuts bytes into the chunks of an upload. As many are on their way as there are buffers, less the one being filled. */
export class ChunkWriter {
  private readonly buffers: BufferCycle;
  private filling: Buffer | undefined;
  private filled = 0;
  private number = 0;

  /** @param buffers of the size of the upload's chunks; the writer's until `settle` has resolved */
  constructor(
    private readonly upload: ChunkedUpload,
    buffers: readonly Buffer[],
  ) {
    this.buffers = new BufferCycle(buffers);
  }

  /**
   * Takes the next bytes, and resolves when there is room for more; they are copied.
   * @throws ObjectStoreError when a chunk could not be written
   */
  async write(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0;) {
      this.filling ??= await this.buffers.next();
      const taken = rest.subarray(0, this.filling.length - this.filled);
      // Not `set`: that goes byte by byte into shared memory, where the two are aligned differently.
      this.filling.fill(taken, this.filled, this.filled + taken.length);
      this.filled += taken.length;
      rest = rest.subarray(taken.length);
      if (this.filled === this.filling.length) this.send(this.filling);
    }
  }

  /**
   * Writes what is left; afterwards all chunks are durably in the store.
   * @throws ObjectStoreError when a chunk could not be written
   */
  async finish(): Promise<void> {
    if (this.filling !== undefined) this.send(this.filling);
    await this.buffers.finish();
  }

  /** Waits for the chunks that are on their way, whatever becomes of them. */
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
