/**
 * Compares ingest with common tools: `node test/bench/ingest.mjs [--gigabytes 1,8] [--runs 3]`, after `npm run build`.
 * For each size, one part that is in the page cache is stored:
 * - in the directory store, compared with `cp`, coreutils `sha256sum` and `openssl dgst -sha256`;
 * - in an S3 server (versitygw, on XFS), compared with `aws s3 cp` and `rclone copyto` to the same server. On a file
 *   system that cannot share blocks, the server copies the whole upload again to finish it. That takes as long as the
 *   upload and would dominate the measurement: three copies of 8 GB do not fit in 24 GB of memory.
 * Ingest reads, hashes the part and its files, indexes, validates and stores durably. Its time runs from the post to
 * the state `stored` in the result's history, because frequent polling would itself cost time. The measurements take
 * turns, so that a busy moment of the machine affects all of them, and every other round runs in reverse order, so that
 * none always profits from its predecessor. The best run counts; the median shows the spread. A tool that takes many
 * times as long as ingest is measured once.
 * Needs root (to mount the XFS), rclone, python3, go, and free disk space of three times the largest size.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, rm, statfs } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { Client } from 'minio';
import { Archive } from '../engines/ingest/archive.mjs';
import { largeDelivery } from '../engines/ingest/large-delivery.mjs';
import { startS3 } from '../engines/start-s3.mjs';
import { fileForm } from './small-delivery.mjs';
import { uploaders } from './uploaders.mjs';
import { CACHE, exitWhenInterrupted, temporaryFolder } from '../engines/server-process.mjs';

const BUCKET = 'bench';
/** Bytes that the S3 server's file system needs at most besides the stored data. XFS needs at least 300 MB. */
const XFS_OVERHEAD = 1e9;
const POLL_INTERVAL_MS = 1_000;
/** A tool that takes this many times as long as ingest is not measured again. */
const TOO_SLOW_FACTOR = 5;
const { values } = parseArgs({
  options: { gigabytes: { type: 'string', default: '1,8' }, runs: { type: 'string', default: '3' } },
});
const sizes = values.gigabytes.split(',').map((gigabytes) => Number(gigabytes) * 1e9);
const runs = Number(values.runs);
const quietly = promisify(execFile);

exitWhenInterrupted();
const place = await temporaryFolder('bench-');
// PostgreSQL runs as another user when root runs this, and must reach its data.
await chmod(place, 0o755);
console.log(`Node ${process.version}, ${availableParallelism()} processors, store on ${await fileSystem(place)}`);
const peaks = { directory: [], S3: [] };
for (const bytes of sizes) {
  const result = await largeDelivery(CACHE, bytes);
  const file = fileURLToPath(result.parts[0].location);
  await intoDirectory(result, file);
  await intoS3(result, file);
  await rm(file);
  await rm(`${file}.json`);
}
for (const [store, peak] of Object.entries(peaks)) {
  console.log(`\npeak memory, ${store}: ${peak.map((bytes) => `${(bytes / 1e6).toFixed(0)} MB`).join(', ')}`);
}

async function intoDirectory(result, file) {
  const copy = join(place, 'copy');
  const archive = await Archive.start({ home: join(place, 'home'), sources: CACHE, env: { LOG_LEVEL: 'warn' } });
  try {
    await compare(result, [
      ['cp', () => command(['cp', file, copy]), () => rm(copy)],
      [
        'cp, and sync of the copy',
        () => command(['sh', '-c', 'cp "$0" "$1" && sync "$1"', file, copy]),
        () => rm(copy),
      ],
      ['sha256sum', () => command(['sha256sum', file])],
      ['openssl dgst -sha256', () => command(['openssl', 'dgst', '-sha256', file])],
      [
        'ingest into the directory',
        ingestOf(archive, result),
        (revision) => rm(storedAt(revision, result), { recursive: true }),
      ],
    ]);
    peaks.directory.push(archive.memory().peak);
  } finally {
    await archive.stop();
    await rm(join(place, 'home'), { recursive: true });
  }
}

async function intoS3(result, file) {
  const server = await startS3({ xfs: 2 * result.parts[0].size + XFS_OVERHEAD });
  const { endpoint, accessKey, secretKey } = server;
  const { hostname, port } = new URL(endpoint);
  const client = new Client({ endPoint: hostname, port: Number(port), useSSL: false, accessKey, secretKey });
  await client.makeBucket(BUCKET);
  const env = {
    LOG_LEVEL: 'warn',
    S3_ENDPOINT: endpoint,
    S3_BUCKET: BUCKET,
    S3_ACCESS_KEY: accessKey,
    S3_SECRET_KEY: secretKey,
  };
  const archive = await Archive.start({ home: join(place, 'home'), sources: CACHE, env });
  const clear = async () => {
    for await (const { name } of client.listObjectsV2(BUCKET, '', true)) await client.removeObject(BUCKET, name);
  };
  try {
    const others = (await uploaders(server)).map(({ name, command: commandOf, env: environment }) => [
      name,
      () => command(commandOf(file, BUCKET, 'part.tar'), environment),
      clear,
    ]);
    await compare(result, [...others, ['ingest into S3', ingestOf(archive, result), clear]]);
    peaks.S3.push(archive.memory().peak);
  } finally {
    await archive.stop();
    await server.stop();
    await rm(join(place, 'home'), { recursive: true });
  }
}

/** Runs the measurements in turns. Before each, the part is in the page cache and earlier writes are flushed. */
async function compare(result, measurements) {
  const [{ size, location }] = result.parts;
  /** The runs of each measurement by name, fastest first. */
  const turnsOf = new Map(measurements.map(([name]) => [name, []]));
  const ingest = turnsOf.get(measurements.at(-1)[0]);
  for (let run = 1; run <= runs; run++) {
    const tooSlow = TOO_SLOW_FACTOR * (ingest[0]?.seconds ?? Infinity);
    for (const [name, work, clear] of run % 2 === 1 ? measurements : measurements.toReversed()) {
      const turns = turnsOf.get(name);
      if (turns[0]?.seconds > tooSlow) continue;
      await quietly('sync');
      await quietly('sh', ['-c', 'cat "$0" > /dev/null', fileURLToPath(location)]);
      turns.push(await work(run));
      turns.sort((a, b) => a.seconds - b.seconds);
      await clear?.(run);
    }
  }
  const own = ingest[0].seconds;
  console.log(`\n${(size / 1e9).toFixed(2)} GB`.padEnd(32), '    best     median       rate  processor  ingest is');
  for (const [name, turns] of turnsOf) {
    const { seconds, cpu } = turns[0];
    const median = turns[Math.floor(turns.length / 2)].seconds;
    const processor = typeof cpu === 'number' ? `${cpu.toFixed(2)} s` : '';
    const rate = `${(size / 1e6 / seconds).toFixed(0)} MB/s`;
    const cells = [`${seconds.toFixed(2)} s`, `${median.toFixed(2)} s`, rate, processor];
    console.log(
      name.padEnd(30),
      ...cells.map((cell) => cell.padStart(10)),
      `${(seconds / own).toFixed(2)} x`.padStart(10),
    );
  }
}

/** Ingests one revision. Returns the seconds it took, and the processor seconds of all threads of the archive. */
function ingestOf(archive, result) {
  const processor = () => Object.values(archive.cpu()).reduce((sum, seconds) => sum + seconds, 0);
  return async (revision) => {
    const [before, posted] = [processor(), Date.now()];
    const status = await archive.post({ ...result, revision });
    for (;;) {
      await pause(POLL_INTERVAL_MS);
      const { state, report, history } = await archive.status(status);
      if (state === 'rejected')
        throw new Error(`revision ${revision} was rejected: ${JSON.stringify(report.findings)}`);
      const stored = history.find((entry) => entry.state === 'stored');
      if (stored) return { seconds: (Date.parse(stored.at) - posted) / 1000, cpu: processor() - before };
    }
  };
}

function storedAt(revision, { project, group, member }) {
  const [groupFolder, memberFolder] = [group.uid, member].map(fileForm);
  return join(place, 'home', 'store', project, groupFolder, memberFolder, `r${revision}`);
}

/** Runs a program and returns the seconds it took. */
async function command([program, ...args], env = process.env) {
  const began = performance.now();
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  return { seconds: (performance.now() - began) / 1000 };
}

async function fileSystem(path) {
  const { stdout } = await quietly('stat', ['-f', '-c', '%T', path]);
  const { bavail, bsize } = await statfs(path);
  return `${stdout.trim()}, ${((bavail * bsize) / 1e9).toFixed(0)} GB free`;
}
