import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { HashPair } from './hash-pair';

/** Threads are kept for the next part: starting one costs as much as hashing some 50 MB. */
@Injectable()
export class HashThreads implements OnApplicationShutdown {
  private readonly idle: HashPair[] = [];
  private closed = false;

  /**
   * Lends two threads for the reading of a part into these buffers. They must have nothing left to hash at its end;
   * after a failure, when they may be in the middle of something, they are ended.
   */
  async lend<T>(buffers: readonly Buffer[], work: (threads: HashPair) => Promise<T>): Promise<T> {
    const pair = this.idle.pop() ?? new HashPair();
    let isClean = false;
    try {
      pair.use(buffers);
      const result = await work(pair);
      isClean = true;
      return result;
    } finally {
      if (isClean && !this.closed) this.idle.push(pair);
      else await pair.close();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    await Promise.all(this.idle.splice(0).map((pair) => pair.close()));
  }
}
