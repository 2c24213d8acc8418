import type * as Crc32 from '@node-rs/crc32';

/**
 * What a thread is to do, in this order: pairs of a place in the memory and a number of bytes to hash. The memory is
 * that of the buffers, one behind the other. Places below 0 mean something else.
 */
export type Steps = number[];

/** The buffers that later steps are about, all of one size. */
export interface Memory {
  buffers: readonly SharedArrayBuffer[];
  size: number;
}

/** So many zeros, which lie nowhere. */
export const ZEROS = -1;
/** Give out the SHA-256 of what came since the last cut. */
export const CUT = -2;
/** Give out the CRC-32 of what came since the last sum; only a thread that is to keep one knows it. */
export const SUM = -3;

/** What the thread is begun with. */
export interface HashLoopOptions {
  keepsSum: boolean;
  /** Where `@node-rs/crc32` lies: that of `node:zlib` takes twice as long. */
  crc32: string;
}

/**
 * What the thread does: takes one list of steps after the other, and answers each with the digests (hexadecimal) that
 * were asked for in it. It is started from its own source text, so that it needs no file beside the program's: nothing
 * outside its body may be named in it.
 */
export function hashLoop(): void {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const threads = process.getBuiltinModule('node:worker_threads');
  const { parentPort } = threads;
  const { keepsSum, crc32: library } = threads.workerData as HashLoopOptions;
  const { createRequire } = process.getBuiltinModule('node:module');
  const { crc32 } = createRequire(library)(library) as typeof Crc32;
  const zeros = new Uint8Array(64 * 1024);
  let buffers: Uint8Array[] = [];
  let size = 1;
  let hash = createHash('sha256');
  let sum = 0;
  const take = (bytes: Uint8Array): void => {
    hash.update(bytes);
    if (keepsSum) sum = crc32(bytes, sum);
  };
  parentPort?.on('message', (message: Steps | Memory) => {
    if ('buffers' in message) {
      buffers = message.buffers.map((buffer) => new Uint8Array(buffer));
      size = message.size;
      return;
    }
    const digests: string[] = [];
    for (let i = 0; i < message.length; i += 2) {
      const [at, length] = [message[i] ?? 0, message[i + 1] ?? 0];
      if (at >= 0) {
        const buffer = buffers[Math.floor(at / size)];
        if (buffer === undefined) throw new Error('there is no such memory');
        take(buffer.subarray(at % size, (at % size) + length));
      } else if (at === -1 /* ZEROS */) {
        for (let left = length; left > 0; left -= zeros.length) take(zeros.subarray(0, Math.min(left, zeros.length)));
      } else if (at === -2 /* CUT */) {
        digests.push(hash.digest('hex'));
        hash = createHash('sha256');
      } else {
        digests.push(sum.toString(16).padStart(8, '0'));
        sum = 0;
      }
    }
    parentPort.postMessage(digests);
  });
}
