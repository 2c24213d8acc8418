import { BLOCK } from '../blocks';

/** Gathers a stated number of bytes from chunks of any size. Copies only what straddles chunks. */
export class ByteGatherer {
  private readonly block = Buffer.alloc(BLOCK);
  private buffer = this.block;
  private wanted = BLOCK;
  private have = 0;
  private complete: Buffer | null = null;

  /** Starts over: the next `length` bytes, at least one, are wanted. */
  expect(length: number): void {
    this.wanted = length;
    this.have = 0;
    this.complete = null;
  }

  /** The bytes that have come so far, while some are still missing. */
  get partial(): Buffer {
    return this.buffer.subarray(0, this.have);
  }

  /** All of the bytes wanted, valid until the next `take`; null while some are missing. */
  get whole(): Buffer | null {
    return this.complete;
  }

  /** Takes from `bytes` what is still missing, and gives how much that was. */
  take(bytes: Buffer, from: number): number {
    const length = Math.min(this.wanted - this.have, bytes.length - from);
    if (length === this.wanted) {
      this.complete = bytes.subarray(from, from + length);
      return length;
    }
    if (this.have === 0) this.buffer = this.wanted <= BLOCK ? this.block : Buffer.alloc(this.wanted);
    this.have += bytes.copy(this.buffer, this.have, from, from + length);
    if (this.have === this.wanted) this.complete = this.buffer.subarray(0, this.wanted);
    return length;
  }
}
