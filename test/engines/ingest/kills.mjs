// Kills a standalone archive by SIGKILL at random moments of the ingest of one part, starts it again, and checks that
// it resumes and stores the part. Usage: node test/engines/ingest/kills.mjs [--kills 200] [--mebibytes 512] [--seed N]
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Archive } from './archive.mjs';
import { generator } from './generator.mjs';
import { largeDelivery } from './large-delivery.mjs';
import { CACHE, exitWhenInterrupted, temporaryFolder } from '../server-process.mjs';

const MIB = 1024 * 1024;
/** Bytes of the chunks in transfer at a time, and of the one that the journal does not record yet. */
const MOST_LOST = 5 * 8 * MIB;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    mebibytes: { type: 'string', default: '512' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const [kills, size] = [Number(values.kills), Number(values.mebibytes) * MIB];
const random = generator(Number(values.seed));
console.log(`seed ${values.seed}: ${kills} kills of the ingest of ${values.mebibytes} MiB`);

exitWhenInterrupted();
const home = await temporaryFolder('kills-');
const result = await largeDelivery(CACHE, size);
const [part] = result.parts;
const counts = { killed: 0, stored: 0, resumed: 0, mostSentAgain: 0 };
/** Bytes that were durable at the last kill. */
let durable = 0;
let archive = await Archive.start({ home, sources: CACHE });
try {
  // Without kills, to know the range of the random moments.
  const duration = await undisturbed();
  for (let revision = 2; counts.killed < kills; revision++) await disturbed(revision, duration);
  const share = ((100 * counts.mostSentAgain) / part.size).toFixed(2);
  console.log(`${JSON.stringify(counts)}: at most ${share} % of the part sent again`);
} finally {
  await archive.stop();
}

async function undisturbed() {
  const begun = Date.now();
  await accept(await archive.settled(await archive.post({ ...result, revision: 1 })), 1);
  return Date.now() - begun;
}

/** Ingests one revision through any number of kills, each at a random moment of the whole duration. */
async function disturbed(revision, duration) {
  const status = await archive.post({ ...result, revision });
  for (;;) {
    const settled = archive.settled(status).catch(() => null);
    const end = await Promise.race([settled, pause(random() * duration)]);
    if (end || counts.killed === kills) {
      await accept(end ?? (await settled), revision);
      return;
    }
    await archive.kill();
    counts.killed += 1;
    durable = await journalledBytes();
    archive = await Archive.start({ home, sources: CACHE });
  }
}

/**
 * Returns the bytes of the unfinished upload that the store's journal records. Other written bytes were in transfer
 * when the process died, and are sent again.
 */
async function journalledBytes() {
  const staging = join(home, 'store', '.uploads');
  for (const folder of await readdir(staging)) {
    const journal = await readFile(join(staging, folder, 'journal'), 'latin1').catch(() => '');
    if (!journal.includes(part.name)) continue;
    const chunks = [...journal.matchAll(/^chunk (\d+) (\d+) /gm)];
    const bytes = chunks.reduce((sum, [, , length]) => sum + Number(length), 0);
    const again = Math.max(0, (await stat(join(staging, folder, 'data'))).blocks * 512 - bytes);
    assert.ok(again <= MOST_LOST, `${again} bytes were written but not journalled`);
    counts.mostSentAgain = Math.max(counts.mostSentAgain, again);
    return bytes;
  }
  return 0;
}

async function accept(status, revision) {
  if (durable > 0) {
    const bytes = (outcome) => archive.metric('almagest_ingest_chunk_bytes_total', `outcome="${outcome}"`);
    assert.equal(await bytes('kept'), durable, 'durable bytes were not kept');
    assert.equal(await bytes('sent'), part.size - durable, 'durable bytes were sent again');
    counts.resumed += 1;
    durable = 0;
  }
  assert.equal(status?.report?.verdict, 'pass', `revision ${revision} was not stored: ${JSON.stringify(status)}`);
  assert.ok(
    ['catalogued', 'notified', 'superseded'].includes(status.state),
    `revision ${revision} is in state ${status.state}`,
  );
  const folder = join(home, 'store', result.project, 'uid___A001_X1_Xa2', 'uid___A001_X1_Xa4', `r${revision}`);
  assert.deepEqual((await readdir(folder)).sort(), [part.name, 'manifest.jsonl'].sort());
  const hash = createHash('sha256');
  await pipeline(createReadStream(join(folder, part.name), { highWaterMark: MIB }), hash);
  assert.equal(hash.digest('hex'), part.sha256, `revision ${revision} is stored with other bytes than were sent`);
  // A folder that a kill left half created or half removed has a suffix: the store removes it after a day (PUT.md).
  const left = (await readdir(join(home, 'store', '.uploads'))).filter((name) => !name.includes('.'));
  assert.deepEqual(left, [], 'an unfinished upload remains');
  await rm(folder, { recursive: true });
  counts.stored += 1;
}
