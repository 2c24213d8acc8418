/** One stretch of bytes on its way to the thread: a slot of the shared memory, and where a digest is asked for in it. */
export interface Stretch {
  /** Bytes from the beginning of the memory. */
  start: number;
  length: number;
  /** Offsets from `start`, ascending; at each, the digest of what came since the one before is given out. */
  cuts: readonly number[];
}

/** What the thread shares with its owner. */
export interface SharedMemory {
  bytes: SharedArrayBuffer;
  /** One counter: stretches that are hashed. Notified when it changes. */
  done: SharedArrayBuffer;
}

/**
 * What the thread does: hashes one stretch after the other and answers each with the digests (hexadecimal SHA-256) that
 * were asked for in it. It is started from its own source text, so that it needs no file beside the program's: nothing
 * outside its body may be named in it.
 */
export function hashLoop(): void {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const threads = process.getBuiltinModule('node:worker_threads');
  const memory = threads.workerData as SharedMemory;
  const { parentPort } = threads;
  const bytes = new Uint8Array(memory.bytes);
  const done = new Int32Array(memory.done);
  let hash = createHash('sha256');
  parentPort?.on('message', (stretch: Stretch) => {
    const { start, length, cuts } = stretch;
    const digests: string[] = [];
    let at = start;
    for (const cut of cuts) {
      digests.push(hash.update(bytes.subarray(at, start + cut)).digest('hex'));
      hash = createHash('sha256');
      at = start + cut;
    }
    hash.update(bytes.subarray(at, start + length));
    Atomics.add(done, 0, 1);
    Atomics.notify(done, 0);
    parentPort.postMessage(digests);
  });
}
