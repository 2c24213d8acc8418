import { type HashPair, PIECE } from '../hashing/hash-pair';
import type { PartDigest, Reading } from './reading';

/** What is learnt of a part whose contents are known: its size and its digest. */
export class DigestReading implements Reading<PartDigest> {
  readonly isSound = true;
  private size = 0;

  constructor(private readonly threads: HashPair) {}

  async write(bytes: Uint8Array): Promise<void> {
    this.size += bytes.length;
    for (let at = 0; at < bytes.length; at += PIECE) {
      await this.threads.begin(bytes.subarray(at, at + PIECE));
      this.threads.end();
    }
  }

  async finish(): Promise<PartDigest> {
    return { size: this.size, sha256: await this.threads.finish() };
  }
}
