// Ingests deliveries on a file system that is too small for them, and then enlarges it. Needs root, to mount it.
// Usage: node test/engines/ingest/full-disk.mjs
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Archive } from './archive.mjs';
import { largeDelivery } from './large-delivery.mjs';
import { CACHE, exitWhenInterrupted, temporaryFolder } from '../server-process.mjs';

const MIB = 1024 * 1024;
const FAILED = 'almagest_ingest_failed_runs_total';

const run = promisify(execFile);
exitWhenInterrupted();
const home = await temporaryFolder('full-disk-');
const result = await largeDelivery(CACHE, 128 * MIB);
const [part] = result.parts;
/** MiB of the part. The file system is smaller at first, then slightly larger, then large enough for everything. */
const SIZE = Math.ceil(part.size / MIB);
const store = join(home, 'store');
await mkdir(store);
const resize = (mebibytes) => run('mount', ['-o', `remount,size=${mebibytes}m`, store]);
await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE - 28}m`, 'almagest-test', store]);
// Before the folder is removed.
process.prependOnceListener('exit', () => spawnSync('umount', [store]));
await tooSmallFromTheStart();
await fullDuringTransfer();
console.log('passed: a full disk delays deliveries and does not harm them');

/** The transfer does not start until there is enough space. */
async function tooSmallFromTheStart() {
  const archive = await Archive.start({ home, sources: CACHE, env: { OBJECT_STORE_MIN_FREE_BYTES: String(16 * MIB) } });
  try {
    const status = await archive.post({ ...result, revision: 1 });
    await failedTwice(archive, 'archive.no-room');
    assert.equal((await archive.status(status)).state, 'accepted');
    assert.deepEqual(await readdir(join(store, '.uploads')), [], 'an upload was started');
    await resize(SIZE + 32);
    await accept(archive, status, 1);
  } finally {
    await archive.stop();
  }
}

/** Two deliveries, with space for one: written data is kept, and both are stored once there is enough space. */
async function fullDuringTransfer() {
  const archive = await Archive.start({ home, sources: CACHE, env: { OBJECT_STORE_MIN_FREE_BYTES: '1' } });
  try {
    const statuses = [];
    for (const revision of [2, 3]) statuses.push(await archive.post({ ...result, revision }));
    await failedTwice(archive, 'object-store.full');
    await resize(3 * SIZE);
    for (const [index, status] of statuses.entries()) await accept(archive, status, 2 + index);
    assert.ok((await archive.metric('almagest_ingest_chunk_bytes_total', 'outcome="kept"')) > 0, 'nothing was kept');
  } finally {
    await archive.stop();
  }
}

/** Waits until two runs failed with this code. */
async function failedTwice(archive, code) {
  while ((await archive.metric(FAILED, `code="${code}"`)) < 2) await pause(50);
}

async function accept(archive, path, revision) {
  const status = await archive.settled(path);
  assert.equal(status.report?.verdict, 'pass', JSON.stringify(status));
  assert.equal(await archive.metric(FAILED, 'fault="source"'), 0, 'a failed run was counted as a fault of the source');
  const folder = join(store, result.project, 'uid___A001_X1_Xa2', 'uid___A001_X1_Xa4', `r${revision}`);
  const hash = createHash('sha256');
  await pipeline(createReadStream(join(folder, part.name)), hash);
  assert.equal(hash.digest('hex'), part.sha256);
  await rm(folder, { recursive: true });
}
