import type { HashPair } from '../hashing/hash-pair';
import type { PartDigest, Reading } from './reading';

/** What is learnt of a part whose contents are known: its size and its digest. */
export class DigestReading implements Reading<PartDigest> {
  readonly isSound = true;
  private size = 0;

  constructor(private readonly threads: HashPair) {}

  async write(chunk: Uint8Array): Promise<void> {
    this.size += chunk.length;
    this.threads.begin(chunk);
    this.threads.end();
  }

  async finish(): Promise<PartDigest> {
    return { size: this.size, sha256: await this.threads.finish() };
  }
}
