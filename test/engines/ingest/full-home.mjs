// Fills the file system of a whole archive, home and database, and frees it again. Needs root, to mount it.
// Usage: node test/engines/ingest/full-home.mjs
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { Archive } from './archive.mjs';
import { largeDelivery } from './large-delivery.mjs';
import { CACHE, exitWhenInterrupted } from '../server-process.mjs';

const MIB = 1024 * 1024;
const DROPPED = 'almagest_log_lines_dropped_total';

exitWhenInterrupted();
const disk = join(tmpdir(), `almagest-full-home-${process.pid}`);
await mkdir(disk);
process.once('exit', () => spawnSync('rmdir', [disk]));
await promisify(execFile)('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'almagest-test', disk]);
process.prependOnceListener('exit', () => spawnSync('umount', ['--lazy', disk]));
await chmod(disk, 0o755);
const home = join(disk, 'home');
const filler = join(disk, 'filler');
await mkdir(CACHE, { recursive: true });
const result = await largeDelivery(CACHE, 16 * MIB);
let revision = 0;

const archive = await Archive.start({ home, sources: CACHE, env: { OBJECT_STORE_MIN_FREE_BYTES: '1' } });
const accepted = await archive.post(next());
assert.equal((await archive.settled(accepted)).report?.verdict, 'pass');

await fill();
await until('a post is refused', async () => (await post()).status === 507);
const refusal = await post();
assert.equal((await refusal.json()).code, 'platform.database-full');
assert.equal(refusal.headers.get('retry-after'), '5');
await readsAnswer();
// As PostgreSQL does every five minutes.
await sql('CHECKPOINT').catch(() => undefined);
await readsAnswer();
// Until then, lines fit into the last block of the log.
await until('a line of the log is dropped', async () => {
  await post();
  return (await archive.metric(DROPPED)) > 0;
});
await readsAnswer();
await rm(filler);
await until('a post is accepted again', async () => (await post()).status === 202);
await readsAnswer();
await until('the log says what is missing', async () =>
  (await readFile(join(home, 'almagest.log'), 'utf8')).includes('log lines were dropped'),
);

await fill();
const [pid] = (await readFile(join(home, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
process.kill(Number(pid), 'SIGKILL');
await until('the database is away', async () => (await archive.ask('/projects')).status === 503);
const attempts = await archive.metric(DROPPED);
await until('more attempts to start it', async () => (await archive.metric(DROPPED)) > attempts + 20);
assert.equal((await archive.ask('/health/live')).status, 200);
await rm(filler);
await until('the archive is ready again', async () => (await archive.ask('/health/ready')).status === 200);
assert.equal((await post()).status, 202);
await readsAnswer();
await archive.stop();
assert.equal(archive.child.exitCode, 0);
console.log('passed: on a full disk reads answer and posts are refused; with space everything continues');

function next() {
  revision += 1;
  return { ...result, revision };
}

async function post() {
  const body = JSON.stringify(next());
  return archive.ask('/qa2-results', { method: 'POST', body });
}

/** Writes zeros until nothing is left. */
async function fill() {
  for (const bytes of [MIB, 4096]) {
    const zeros = Buffer.alloc(bytes);
    while (await appended(zeros));
  }
}

function appended(bytes) {
  return writeFile(filler, bytes, { flag: 'a' }).then(
    () => true,
    () => false,
  );
}

async function readsAnswer() {
  for (const path of ['/projects', accepted, '/health/live', '/metrics']) {
    assert.equal((await archive.ask(path)).status, 200, path);
  }
}

async function sql(text) {
  const password = (await readFile(join(home, 'postgres-password'), 'utf8')).trim();
  const [, , , port] = (await readFile(join(home, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
  const client = new pg.Client(`postgres://almagest:${password}@127.0.0.1:${port}/almagest`);
  client.on('error', () => undefined);
  await client.connect();
  await client.query(text).finally(() => client.end());
}

async function until(what, isSo) {
  const slow = setTimeout(() => console.log(`waiting until ${what} ...`), 30_000);
  while (!(await isSo())) await pause(100);
  clearTimeout(slow);
}
