import { HashThread } from './hash-thread';

/** Bytes of a piece at most. */
export const PIECE = 2 * 1024 * 1024;
const PIECES = 5;

/** Bytes of the memory that the two threads share with this one. */
export const HASH_PAIR_BYTES = PIECES * PIECE;

/**
 * The two threads that hash a part: one the part as a whole, one its members. Each piece is copied once, into memory that
 * both see, and stays there until both are done with it.
 */
export class HashPair {
  private readonly memory = new SharedArrayBuffer(HASH_PAIR_BYTES);
  private readonly bytes = Buffer.from(this.memory);
  private readonly whole = new HashThread(this.memory);
  private readonly members = new HashThread(this.memory);
  /** For each place in the memory, what the threads must be done with before another piece may lie there. */
  private readonly taken = Array.from({ length: PIECES }, () => ({ whole: 0, members: 0 }));
  private place = 0;
  private piece: Uint8Array = new Uint8Array();

  /**
   * Takes the next piece of the part in hand, and resolves when it is copied; what is said of its members comes after.
   * @throws the failure of a thread
   */
  async begin(piece: Uint8Array): Promise<void> {
    this.place = (this.place + 1) % PIECES;
    const taken = this.taken[this.place];
    await this.whole.until(taken?.whole ?? 0);
    await this.members.until(taken?.members ?? 0);
    const at = this.place * PIECE;
    // Not `set`: that goes byte by byte into shared memory, where the two are aligned differently.
    this.bytes.fill(piece, at, at + piece.length);
    this.piece = piece;
    this.whole.update(at, piece.length);
    this.whole.handOver();
  }

  /** The next bytes of a member: of the piece in hand, or zeros from elsewhere, which are the holes of a sparse member. */
  member(bytes: Uint8Array): void {
    const { piece } = this;
    const offset = bytes.byteOffset - piece.byteOffset;
    const isOfPiece = bytes.buffer === piece.buffer && offset >= 0 && offset + bytes.length <= piece.length;
    if (isOfPiece) this.members.update(this.place * PIECE + offset, bytes.length);
    else this.members.zeros(bytes.length);
  }

  /** The member has ended. */
  endMember(take: (sha256: string) => void): void {
    this.members.cut(take);
  }

  /** No more will be said of the members in the piece. */
  end(): void {
    this.taken[this.place] = { whole: this.whole.handOver(), members: this.members.handOver() };
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
}
