import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

/**
 * What a thread is to do, in this order: pairs of a position and a number of bytes to hash. Positions count through all
 * buffers, one after the other; those below 0 are the operations `OPS`.
 */
type Steps = number[];

/** The buffers that the steps after this message refer to, all of one size. */
interface Buffers {
  buffers: readonly SharedArrayBuffer[];
  size: number;
}

const OPS = {
  /** Hash so many zeros, which are in no buffer. */
  zeros: -1,
  /** Return the SHA-256 of everything since the last one. */
  sha256: -2,
  /** Return the CRC-32 of everything since the last one; for threads that keep one. */
  crc32: -3,
};

/**
 * SHA-256 on a thread of its own, and CRC-32 where that is asked for. The bytes are in memory shared with the thread; they
 * may change only when the thread has answered the steps that refer to them.
 */
class HashThread {
  private readonly worker: Worker;
  private steps: Steps = [];
  private sent = 0;
  private answered = 0;
  private readonly receivers: ((digest: string) => void)[] = [];
  private waiting: (() => void)[] = [];
  private failure: Error | undefined;

  constructor(options: { keepsCrc32: boolean }) {
    this.worker = new Worker(join(__dirname, 'hash-worker.cjs'), {
      env: {},
      execArgv: [],
      name: 'sha256',
      workerData: { ...options, ops: OPS },
      // It keeps one hash and some digests.
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
    });
    this.worker.on('message', (digests: string[]) => this.onAnswer(digests));
    this.worker.on('error', (error: Error) => this.fail(error));
    this.worker.on('exit', () => this.fail(new Error('the hashing thread has ended')));
  }

  /** Sets the buffers that later steps refer to. */
  use(buffers: Buffers): void {
    this.worker.postMessage(buffers);
  }

  /** Hashes the next bytes, which are within one buffer. */
  update(at: number, length: number): void {
    const last = this.steps.length - 2;
    const [before, sofar] = [this.steps[last] ?? OPS.zeros, this.steps[last + 1] ?? 0];
    if (before >= 0 && before + sofar === at) this.steps[last + 1] = sofar + length;
    else this.steps.push(at, length);
  }

  /** Hashes so many zeros next. */
  updateZeros(length: number): void {
    const last = this.steps.length - 2;
    if (this.steps[last] === OPS.zeros) this.steps[last + 1] = (this.steps[last + 1] ?? 0) + length;
    else this.steps.push(OPS.zeros, length);
  }

  /** Asks for the SHA-256 of everything since the last call; `receive` gets it before `drain` resolves. */
  sha256(receive: (digest: string) => void): void {
    this.receivers.push(receive);
    this.steps.push(OPS.sha256, 0);
  }

  /** Asks for the CRC-32 of everything since the last call, in the same way. */
  crc32(receive: (digest: string) => void): void {
    this.receivers.push(receive);
    this.steps.push(OPS.crc32, 0);
  }

  /** Sends the steps to the thread, which begins with them. */
  flush(): void {
    if (this.steps.length === 0) return;
    this.worker.postMessage(this.steps);
    this.steps = [];
    this.sent += 1;
  }

  /**
   * Resolves when the thread has finished all steps so far, and every digest has been received.
   * @throws the thread's failure
   */
  async drain(): Promise<void> {
    this.flush();
    const { sent } = this;
    while (this.answered < sent && this.failure === undefined) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    if (this.failure !== undefined) throw this.failure;
  }

  /** Ends the thread, even in the middle of its work. */
  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private onAnswer(digests: readonly string[]): void {
    this.answered += 1;
    // One by one, `shift` would move all receivers each time: there may be thousands.
    const receivers = this.receivers.splice(0, digests.length);
    for (const [index, receive] of receivers.entries()) receive(digests[index] ?? '');
    this.wake();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.wake();
  }

  private wake(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** The current chunk; its CRC-32 is set when the thread of the part has finished it. */
interface Chunk {
  bytes: Uint8Array;
  crc32: string;
}

/**
 * The two threads that hash a part: one the part as a whole, one its members. They read the chunks in the memory that the
 * part is read into, without a copy. The bytes of a chunk may change once `chunkDone` has resolved for it.
 */
export class PartHashes implements AsyncDisposable {
  private readonly whole = new HashThread({ keepsCrc32: true });
  private readonly members = new HashThread({ keepsCrc32: false });
  /** The position of each buffer's first byte. */
  private positions: ReadonlyMap<ArrayBufferLike, number> = new Map();
  private chunk: Chunk = { bytes: new Uint8Array(), crc32: '' };
  private isIdle = true;

  /** @param release takes the threads back: `isIdle` is false when they stopped in the middle of a part */
  constructor(private readonly release: (hashes: PartHashes, isIdle: boolean) => Promise<void>) {}

  /** Sets the buffers that the part is read into: of one size, each the beginning of shared memory of its own. */
  use(buffers: readonly Buffer[]): void {
    const size = buffers[0]?.length ?? 1;
    const shared = buffers.map(({ buffer }) => buffer as SharedArrayBuffer);
    this.positions = new Map(shared.map((buffer, index) => [buffer, index * size]));
    for (const thread of [this.whole, this.members]) thread.use({ buffers: shared, size });
  }

  /** Begins the next chunk of the part, which is in one buffer; the calls about its members follow. */
  beginChunk(bytes: Uint8Array): void {
    this.isIdle = false;
    const chunk: Chunk = { bytes, crc32: '' };
    this.chunk = chunk;
    this.whole.update(this.positionOf(bytes), bytes.length);
    this.whole.crc32((crc32) => (chunk.crc32 = crc32));
    this.whole.flush();
  }

  /** Hashes the next bytes of a member: of the current chunk, or zeros from elsewhere: the holes of a sparse member. */
  updateMember(bytes: Uint8Array): void {
    if (bytes.buffer === this.chunk.bytes.buffer) this.members.update(this.positionOf(bytes), bytes.length);
    else this.members.updateZeros(bytes.length);
  }

  /** Ends a member; `receive` gets its SHA-256 before `finish` resolves. */
  endMember(receive: (sha256: string) => void): void {
    this.isIdle = false;
    this.members.sha256(receive);
  }

  /** Sends the calls about members so far to their thread; the last time at the end of the chunk. */
  flushMembers(): void {
    this.members.flush();
  }

  /**
   * Resolves when the members' thread has finished the calls so far.
   * @throws the failure of the thread
   */
  async membersDone(): Promise<void> {
    await this.members.drain();
  }

  /**
   * Resolves with the CRC-32 (8 hexadecimal digits) of the current chunk when both threads have finished it; the next
   * chunk may begin meanwhile.
   * @throws the failure of a thread
   */
  async chunkDone(): Promise<string> {
    const { chunk } = this;
    await Promise.all([this.whole.drain(), this.members.drain()]);
    return chunk.crc32;
  }

  /**
   * Returns the SHA-256 of the part, once those of its members have been received.
   * @throws the failure of a thread
   */
  async finish(): Promise<string> {
    let sha256 = '';
    this.whole.sha256((digest) => (sha256 = digest));
    // The next part uses the same threads: nothing of a truncated member may stay in the hash.
    this.members.sha256(() => undefined);
    await Promise.all([this.whole.drain(), this.members.drain()]);
    this.isIdle = true;
    return sha256;
  }

  async close(): Promise<void> {
    await Promise.all([this.whole.close(), this.members.close()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release(this, this.isIdle);
  }

  private positionOf({ buffer, byteOffset }: Uint8Array): number {
    const position = this.positions.get(buffer);
    if (position === undefined) throw new Error('the chunk is in none of the buffers');
    return position + byteOffset;
  }
}

/** Keeps hash threads for the next part: starting one costs as much as hashing some 50 MB. */
@Injectable()
export class HashThreads implements OnApplicationShutdown {
  private readonly idle: PartHashes[] = [];
  private closed = false;

  /**
   * Returns two threads for a part that is read into these buffers. Disposing of them gives them back; threads that are in
   * the middle of a part are ended instead.
   */
  acquire(buffers: readonly Buffer[]): PartHashes {
    const hashes = this.idle.pop() ?? new PartHashes((ended, isIdle) => this.release(ended, isIdle));
    hashes.use(buffers);
    return hashes;
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    await Promise.all(this.idle.splice(0).map((hashes) => hashes.close()));
  }

  private async release(hashes: PartHashes, isIdle: boolean): Promise<void> {
    if (isIdle && !this.closed) this.idle.push(hashes);
    else await hashes.close();
  }
}
