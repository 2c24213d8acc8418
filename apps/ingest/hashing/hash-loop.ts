/**
 * What a thread is to do, in this order: pairs of a place in the memory and a number of bytes to hash. Places below 0 mean
 * something else.
 */
export type Steps = number[];

/** So many zeros, which lie nowhere. */
export const ZEROS = -1;
/** Give out the digest of what came since the last cut. */
export const CUT = -2;

/**
 * What the thread does: takes one list of steps after the other, and answers each with the digests (hexadecimal SHA-256)
 * that were asked for in it. It is started from its own source text, so that it needs no file beside the program's:
 * nothing outside its body may be named in it.
 */
export function hashLoop(): void {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const threads = process.getBuiltinModule('node:worker_threads');
  const { parentPort } = threads;
  const bytes = new Uint8Array(threads.workerData as SharedArrayBuffer);
  const zeros = new Uint8Array(64 * 1024);
  let hash = createHash('sha256');
  parentPort?.on('message', (steps: Steps) => {
    const digests: string[] = [];
    for (let i = 0; i < steps.length; i += 2) {
      const [at, length] = [steps[i] ?? 0, steps[i + 1] ?? 0];
      if (at >= 0) hash.update(bytes.subarray(at, at + length));
      else if (at === -1 /* ZEROS */) {
        for (let left = length; left > 0; left -= zeros.length)
          hash.update(zeros.subarray(0, Math.min(left, zeros.length)));
      } else {
        digests.push(hash.digest('hex'));
        hash = createHash('sha256');
      }
    }
    parentPort.postMessage(digests);
  });
}
