import { HashThread } from './hash-thread';

/** The chunk in hand; its CRC-32 is there when the part's thread is done with it. */
interface Chunk {
  bytes: Uint8Array;
  crc32: string;
}

/**
 * The two threads that hash a part: one the part as a whole, one its members. They see the memory of the chunks that the
 * part is read into; nothing is copied for them. The bytes of a chunk may change once `endChunk` has resolved for it.
 */
export class HashPair {
  private readonly whole = new HashThread({ keepsSum: true });
  private readonly members = new HashThread({ keepsSum: false });
  /** Where each buffer lies in the threads' memory. */
  private places: ReadonlyMap<ArrayBufferLike, number> = new Map();
  private chunk: Chunk = { bytes: new Uint8Array(), crc32: '' };

  /** The buffers that the next part will lie in: of one size, each the beginning of shared memory of its own. */
  use(buffers: readonly Buffer[]): void {
    const size = buffers[0]?.length ?? 1;
    const shared = buffers.map(({ buffer }) => buffer as SharedArrayBuffer);
    this.places = new Map(shared.map((buffer, index) => [buffer, index * size]));
    for (const thread of [this.whole, this.members]) thread.use({ buffers: shared, size });
  }

  /** Begins the next chunk of the part, which lies in one buffer; what is said of its members comes after. */
  begin(bytes: Uint8Array): void {
    const chunk: Chunk = { bytes, crc32: '' };
    this.chunk = chunk;
    this.whole.update(this.placeOf(bytes), bytes.length);
    this.whole.sum((crc32) => (chunk.crc32 = crc32));
    this.whole.handOver();
  }

  /** The next bytes of a member: of the chunk in hand, or zeros from elsewhere, which are the holes of a sparse member. */
  member(bytes: Uint8Array): void {
    if (bytes.buffer === this.chunk.bytes.buffer) this.members.update(this.placeOf(bytes), bytes.length);
    else this.members.zeros(bytes.length);
  }

  /** The member has ended. */
  endMember(take: (sha256: string) => void): void {
    this.members.cut(take);
  }

  /** No more will be said of the members in the chunk. */
  end(): void {
    this.members.handOver();
  }

  /**
   * Resolves with the CRC-32 (8 hexadecimal digits) of the chunk in hand when both threads are done with it; meanwhile the
   * next one may be begun.
   * @throws the failure of a thread
   */
  async endChunk(): Promise<string> {
    const { chunk } = this;
    await Promise.all([this.whole.drain(), this.members.drain()]);
    return chunk.crc32;
  }

  /**
   * The digest of the part, once those of its members are given out too.
   * @throws the failure of a thread
   */
  async finish(): Promise<string> {
    let sha256 = '';
    this.whole.cut((digest) => (sha256 = digest));
    // The threads go to another part: nothing of a member that was cut short may stay in its hash.
    this.members.cut(() => undefined);
    await Promise.all([this.whole.drain(), this.members.drain()]);
    return sha256;
  }

  async close(): Promise<void> {
    await Promise.all([this.whole.close(), this.members.close()]);
  }

  private placeOf({ buffer, byteOffset }: Uint8Array): number {
    const place = this.places.get(buffer);
    if (place === undefined) throw new Error('the chunk lies in none of the buffers');
    return place + byteOffset;
  }
}
