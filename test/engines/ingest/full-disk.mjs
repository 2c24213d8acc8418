// Takes deliveries in on a file system that is too small for them, and lets it grow. Needs root, to mount it.
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
/** Of the part; the file system is smaller at first, then a little larger, then large enough for all. */
const SIZE = Math.ceil(part.size / MIB);
const store = join(home, 'store');
await mkdir(store);
const resize = (mebibytes) => run('mount', ['-o', `remount,size=${mebibytes}m`, store]);
await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE - 28}m`, 'almagest-test', store]);
// Before the folder goes.
process.prependOnceListener('exit', () => spawnSync('umount', [store]));
await tooSmallFromTheStart();
await fullOnTheWay();
console.log('a full disk held deliveries up and did not harm them');

/** It is not even begun, and is taken in when there is room. */
async function tooSmallFromTheStart() {
  const archive = await Archive.start({ home, sources: CACHE, env: { OBJECT_STORE_MIN_FREE_BYTES: String(16 * MIB) } });
  try {
    const status = await archive.post({ ...result, revision: 1 });
    await twice(archive, 'archive.no-room');
    assert.equal((await archive.status(status)).state, 'accepted');
    assert.deepEqual(await readdir(join(store, '.uploads')), [], 'an upload was begun');
    await resize(SIZE + 32);
    await accept(archive, status, 1);
  } finally {
    await archive.stop();
  }
}

/** Two that fit, but not both: what was written is kept, and both are taken in when there is room. */
async function fullOnTheWay() {
  const archive = await Archive.start({ home, sources: CACHE, env: { OBJECT_STORE_MIN_FREE_BYTES: '1' } });
  try {
    const statuses = [];
    for (const revision of [2, 3]) statuses.push(await archive.post({ ...result, revision }));
    await twice(archive, 'object-store.full');
    await resize(3 * SIZE);
    for (const [index, status] of statuses.entries()) await accept(archive, status, 2 + index);
    assert.ok((await archive.metric('almagest_ingest_chunk_bytes_total', 'outcome="kept"')) > 0, 'nothing was kept');
  } finally {
    await archive.stop();
  }
}

/** Waits until that has held deliveries up twice. */
async function twice(archive, code) {
  while ((await archive.metric(FAILED, `code="${code}"`)) < 2) await pause(50);
}

async function accept(archive, path, revision) {
  const status = await archive.settled(path);
  assert.equal(status.report?.verdict, 'pass', JSON.stringify(status));
  assert.equal(await archive.metric(FAILED, 'fault="source"'), 0, 'it was held against the delivery');
  const folder = join(store, result.project, 'uid___A001_X1_Xa2', 'uid___A001_X1_Xa4', `r${revision}`);
  const hash = createHash('sha256');
  await pipeline(createReadStream(join(folder, part.name)), hash);
  assert.equal(hash.digest('hex'), part.sha256);
  await rm(folder, { recursive: true });
}
