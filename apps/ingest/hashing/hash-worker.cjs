// The program of a hash thread. Plain JavaScript, so that Node starts it from this file under jest as well as in `dist`.
'use strict';
const { createHash } = require('node:crypto');
const { parentPort, workerData } = require('node:worker_threads');
// The CRC-32 of `node:zlib` takes twice as long.
const { crc32 } = require('@node-rs/crc32');

/**
 * The messages are those of hash-threads.ts: `Buffers`, which later steps refer to, and `Steps`. A list of steps is
 * answered with the digests (hexadecimal) that it asks for.
 * @type {{ keepsCrc32: boolean, ops: { zeros: number, sha256: number, crc32: number } }}
 */
const { keepsCrc32, ops } = workerData;
const zeros = new Uint8Array(64 * 1024);
let buffers = [];
let size = 1;
let hash = createHash('sha256');
let crc = 0;

parentPort.on('message', (message) => {
  if (!('buffers' in message)) {
    parentPort.postMessage(digestsOf(message));
    return;
  }
  buffers = message.buffers.map((buffer) => new Uint8Array(buffer));
  size = message.size;
});

/** @param {number[]} steps */
function digestsOf(steps) {
  const digests = [];
  for (let i = 0; i < steps.length; i += 2) {
    const [at, length] = [steps[i], steps[i + 1]];
    if (at >= 0) {
      const buffer = buffers[Math.floor(at / size)];
      if (buffer === undefined) throw new Error(`no buffer holds byte ${at}`);
      update(buffer.subarray(at % size, (at % size) + length));
    } else if (at === ops.zeros) {
      for (let left = length; left > 0; left -= zeros.length) update(zeros.subarray(0, Math.min(left, zeros.length)));
    } else if (at === ops.sha256) {
      digests.push(hash.digest('hex'));
      hash = createHash('sha256');
    } else {
      digests.push(crc.toString(16).padStart(8, '0'));
      crc = 0;
    }
  }
  return digests;
}

/** @param {Uint8Array} bytes */
function update(bytes) {
  hash.update(bytes);
  if (keepsCrc32) crc = crc32(bytes, crc);
}
