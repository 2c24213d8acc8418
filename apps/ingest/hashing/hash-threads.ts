import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { HashThread } from './hash-thread';

/** One thread for a part as a whole, one for its members. */
export interface HashPair {
  readonly whole: HashThread;
  readonly members: HashThread;
}

/** Threads are kept for the next part: starting one costs as much as hashing some 50 MB. */
@Injectable()
export class HashThreads implements OnApplicationShutdown {
  private readonly idle: HashPair[] = [];
  private closed = false;

  /**
   * Lends two threads for the reading of a part. They must have nothing left to hash at its end; after a failure, when
   * they may be in the middle of something, they are ended.
   */
  async lend<T>(work: (threads: HashPair) => Promise<T>): Promise<T> {
    const pair = this.idle.pop() ?? { whole: new HashThread(), members: new HashThread() };
    let isClean = false;
    try {
      const result = await work(pair);
      isClean = true;
      return result;
    } finally {
      if (isClean && !this.closed) this.idle.push(pair);
      else await close(pair);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    await Promise.all(this.idle.splice(0).map(close));
  }
}

async function close({ whole, members }: HashPair): Promise<void> {
  await Promise.all([whole.close(), members.close()]);
}
