// Ingests an unpacked tree through kills, and one that changes between two runs.
// Usage: node test/engines/ingest/trees.mjs
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Archive } from './archive.mjs';
import { largeDelivery } from './large-delivery.mjs';
import { CACHE, exitWhenInterrupted, temporaryFolder } from '../server-process.mjs';

const MIB = 1024 * 1024;
const MAX_PART_SIZE = 100 * MIB;
const BELOW = 'science_goal.uid___A001_X1_Xa1/group.uid___A001_X1_Xa2/member.uid___A001_X1_Xa4';

const run = promisify(execFile);
exitWhenInterrupted();
const place = await temporaryFolder('trees-');
const { parts, ...delivery } = await largeDelivery(CACHE, 128 * MIB);
const [tree, unpacked, home] = ['tree', 'unpacked', 'home'].map((name) => join(place, name));
await Promise.all([tree, unpacked].map((folder) => mkdir(folder)));
await run('tar', ['xf', fileURLToPath(parts[0].location), '-C', tree]);
const first = await ingest(1, 'ingest.mid-part', async () => undefined);
assert.ok(first.kept > 0, 'no chunk was kept over the kill');
const changed = await ingest(2, 'ingest.first-part-completed', change);
assert.equal(changed.kept, 0, 'a chunk of the unchanged tree was kept');
console.log('passed: trees are stored as they are');

/** Posts the tree to an archive that dies at the failpoint, and compares what a new archive stores with the tree. */
async function ingest(revision, failpoint, meanwhile) {
  const env = { MAX_PART_SIZE: String(MAX_PART_SIZE), INGEST_PARTS: '1' };
  const dying = await Archive.start({ home, sources: place, env: { ...env, FAILPOINT: failpoint } });
  const status = await dying.post({ ...delivery, revision, tree: { location: pathToFileURL(tree).href } });
  await dying.ended;
  await meanwhile();
  const archive = await Archive.start({ home, sources: place, env });
  try {
    const { report } = await archive.settled(status);
    assert.equal(report?.verdict, 'pass', JSON.stringify(report?.findings));
    await assertStoresTree(revision);
    return { kept: await archive.metric('almagest_ingest_chunk_bytes_total', 'outcome="kept"') };
  } finally {
    await archive.stop();
  }
}

/** Adds a file and changes the time of another one, so that the parts get other contents and names. */
async function change() {
  await writeFile(join(tree, delivery.project, BELOW, 'log', 'one-more.log'), Buffer.alloc(45 * MIB, 'more\n'));
  await utimes(join(tree, delivery.project, BELOW, 'README'), new Date(0), new Date(1_400_000_000_000));
}

async function assertStoresTree(revision) {
  const folder = join(home, 'store', delivery.project, 'uid___A001_X1_Xa2', 'uid___A001_X1_Xa4', `r${revision}`);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.tar')).sort();
  const count = names.length;
  assert.deepEqual(
    names,
    names.map((_, index) => `${delivery.project}_uid___A001_X1_Xa4_${index + 1}_of_${count}.tar`).sort(),
  );
  await rm(unpacked, { recursive: true });
  await mkdir(unpacked);
  for (const name of names) {
    const { size } = await stat(join(folder, name));
    assert.ok(size <= MAX_PART_SIZE || (await filesOf(join(folder, name))) === 1, `${name} has ${size} bytes`);
    await run('tar', ['xpf', join(folder, name), '-C', unpacked]);
  }
  await run('diff', ['-r', tree, unpacked]);
  assert.deepEqual(await listing(unpacked), await listing(tree));
  const manifest = await readFile(join(folder, 'manifest.jsonl'), 'utf8');
  const lines = manifest
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines
      .filter(({ kind }) => kind === 'part')
      .map(({ name }) => name)
      .sort(),
    names,
  );
  assert.deepEqual(await readdir(join(home, 'store', '.uploads')), [], 'an unfinished upload remains');
}

async function filesOf(tar) {
  const { stdout } = await run('tar', ['tf', tar]);
  return stdout.split('\n').filter((name) => name !== '' && !name.endsWith('/')).length;
}

/** Returns mode, type, time to the second and size of every entry, as GNU find prints them. */
async function listing(folder) {
  const { stdout } = await run('find', ['.', '-mindepth', '1', '-printf', '%P %m %y %Ts %s\n'], { cwd: folder });
  const lines = stdout.trimEnd().split('\n');
  // A directory's size depends on the file system.
  return lines.map((line) => line.replace(/^(.* \d+ d \d+) \d+$/, '$1')).sort();
}
