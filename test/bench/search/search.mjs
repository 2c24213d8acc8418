/**
 * Measures the archive search, after `npm run build`:
 *   node test/bench/search/search.mjs [--rows 1000000] [--samples 200] [--clients 1,8] [--only TEXT] [--home DIRECTORY]
 * Fills the tables of an archive on the embedded engine with rows that its own code makes of a generated observatory, and
 * asks the HTTP service. Every answer is checked, when its time has been taken. Prints:
 * - for each kind of query the median time from the request to the last byte, with the target;
 * - for 100,000 rows in each format, the rows per second, the first byte, and the peak memory of service and client.
 * Targets hold for a machine that hashes 1 GB in 3 s (`head -c 1000000000 /dev/zero | sha256sum`) and are scaled to this
 * one. `--only` names a part of the kinds; `--home` keeps the filled archive for the next run.
 */
import { Blob } from 'node:buffer';
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath, URLSearchParams } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { Client, FormData } from 'undici';
import { BenchArchive } from '../bench-archive.mjs';
import { connect, load, warmUp } from './load.mjs';
import { Observatory } from './observatory.mjs';
import { check, queryKinds } from './queries.mjs';

const run = promisify(execFile);
const TRANSFER = fileURLToPath(new URL('transfer.mjs', import.meta.url));
const HASH_SECONDS = 3;
const WARM_UP = 5;
const TRANSFERRED = 100_000;
/** Format, clients and the least rows per second. */
const TRANSFERS = [
  ['votable/td', 1, 40_000],
  ['votable/b2', 1, 52_000],
  ['csv', 1, null],
  ['tsv', 1, null],
  ['jsonl', 1, null],
  ['votable/td', 8, 40_000],
  ['votable/b2', 8, 52_000],
];
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    samples: { type: 'string', default: '200' },
    clients: { type: 'string', default: '1,8' },
    only: { type: 'string', default: '' },
    home: { type: 'string' },
  },
});
const samples = Number(values.samples);

if (values.home !== undefined) await mkdir(values.home, { recursive: true, mode: 0o755 });
const observatory = new Observatory(Number(values.rows));
const { regions, mouss, projects, rows } = observatory;
console.log(`Node ${process.version}, ${availableParallelism()} processors`);
console.log(`${rows} rows, ${regions.length} footprints, ${mouss.length} MemberOUSs, ${projects.length} projects`);
const archive = await BenchArchive.start([], values.home === undefined ? {} : { ALMAGEST_HOME: values.home });
try {
  const client = await connect(values.home ?? archive.home);
  await load(client, observatory);
  await warmUp(client);
  await client.end();
  const slowness = (await hashSeconds()) / HASH_SECONDS;
  console.log(
    `1 GB is hashed in ${(slowness * HASH_SECONDS).toFixed(2)} s: targets are multiplied by ${slowness.toFixed(2)}`,
  );
  const counts = values.clients.split(',').map(Number);
  printRow(['query', 'rows', ...counts.map((count) => `${count} clients, ms`)]);
  for (const kind of queryKinds(observatory).filter(({ name }) => name.includes(values.only))) {
    const cells = [];
    let found = 0;
    for (const count of counts) {
      const times = await measure(kind, count);
      found = median(times.map((time) => time.rows));
      const target = kind.targets[[1, 8].indexOf(count)] ?? null;
      cells.push(compared(median(times.map(({ ms }) => ms)), target === null ? null : target * slowness, 0));
    }
    printRow([kind.name, found, ...cells]);
  }
  if ('transfer'.includes(values.only)) await measureTransfers(slowness);
} finally {
  await archive.stop();
}

/** Returns the time and the rows of each sample; several clients share the samples. */
async function measure({ make }, clients) {
  const times = [];
  let left = samples + WARM_UP * clients;
  const ask = async () => {
    const connection = new Client(archive.url);
    while (left-- > 0) {
      const query = make();
      const begun = performance.now();
      const text = await answer(connection, query);
      times.push({ ms: performance.now() - begun, query, text });
    }
    await connection.close();
  };
  await Promise.all(Array.from({ length: clients }, ask));
  const checked = times.map(({ ms, query, text }) => ({ ms, rows: check(query, text) }));
  return checked.slice(WARM_UP * clients);
}

async function answer(connection, { adql, upload }) {
  // The client sends FormData as multipart, and a text with the type that it is given.
  const form = upload === undefined ? new URLSearchParams() : new FormData();
  form.append('LANG', 'ADQL');
  form.append('REQUEST', 'doQuery');
  form.append('QUERY', adql);
  if (upload !== undefined) {
    form.append('UPLOAD', 'points,param:table');
    form.append('table', new Blob([upload], { type: 'text/csv' }), 'points.csv');
  }
  const { statusCode, body } = await connection.request({
    method: 'POST',
    path: '/tap/sync',
    headers: upload === undefined ? { 'content-type': 'application/x-www-form-urlencoded' } : {},
    body: upload === undefined ? form.toString() : form,
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${adql}: ${statusCode}: ${text}`);
  return text;
}

async function measureTransfers(slowness) {
  const wanted = Math.min(TRANSFERRED, rows);
  printRow([`${wanted} rows`, 'MB', 'rows/s', 'first byte, ms', 'service, MB', 'client, MB']);
  for (const [format, clients, target] of TRANSFERS) {
    let peak = 0;
    const sampler = setInterval(async () => (peak = Math.max(peak, await archive.memory())), 50);
    const result = await transfer(format, wanted, clients);
    clearInterval(sampler);
    // Counting takes the client longer than reading; the same bytes have the same rows.
    const counted = await transfer(format, wanted, 1, 'counted');
    if (counted.rows !== wanted || result.bytes !== clients * counted.bytes) {
      throw new Error(`${format}: ${counted.rows} rows, ${result.bytes} bytes`);
    }
    printRow([
      `${clients} x ${format}`,
      (result.bytes / 1e6).toFixed(0),
      compared((clients * wanted) / result.seconds, target === null ? null : target / slowness, 0),
      compared(result.firstByte, 300 * slowness, 0),
      compared(peak / 1e6, 300, 0),
      (result.memory / 1e6).toFixed(0),
    ]);
  }
}

async function transfer(format, count, clients, ...counted) {
  const words = [TRANSFER, archive.url, format, String(count), String(clients), ...counted];
  return JSON.parse((await run(process.execPath, words)).stdout);
}

async function hashSeconds() {
  const begun = performance.now();
  await run('sh', ['-c', 'head -c 1000000000 /dev/zero | sha256sum']);
  return (performance.now() - begun) / 1000;
}

function compared(value, target, digits) {
  return target === null ? value.toFixed(digits) : `${value.toFixed(digits)} (${target.toFixed(0)})`;
}

function printRow(cells) {
  console.log(cells.map((cell, index) => (index === 0 ? cell.padEnd(22) : String(cell).padStart(18))).join(''));
}

function median(list) {
  return list.toSorted((a, b) => a - b)[list.length >> 1];
}
