/**
 * Measures what clients that read slowly, or not at all, cost the archive, after `npm run build`:
 *   node test/bench/downloads.mjs [--slow 200] [--stalled 200,600] [--rate 50000] [--seconds 20] [--env NAME=VALUE]...
 * Each group of clients opens that many downloads of one public part. A slow client reads `--rate` bytes per second, a
 * stalled one nothing. Prints for each group how many were answered with 200 and with 503; by the archive's metrics, how
 * many downloads are still being sent at the end, and how many connections were ended because they stalled; the resident
 * memory before, at its peak and once the clients have left; and how long `/health/live` took. `--env` sets a variable of
 * the archive, such as MAX_DOWNLOADS.
 */
import { Buffer } from 'node:buffer';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { BenchArchive } from './bench-archive.mjs';
import { fileForm, smallResult } from './small-delivery.mjs';

const PART_BYTES = 64 * 1024 * 1024;
const TURN_MS = 200;
const { values } = parseArgs({
  options: {
    slow: { type: 'string', default: '200' },
    stalled: { type: 'string', default: '200,600' },
    rate: { type: 'string', default: '50000' },
    seconds: { type: 'string', default: '20' },
    env: { type: 'string', multiple: true, default: [] },
  },
});
const environment = Object.fromEntries(values.env.map((pair) => pair.split(/=(.*)/s).slice(0, 2)));

/** A download over a connection of its own. */
class Client {
  status = '';
  read = 0;

  constructor(url, bytesPerSecond) {
    this.socket = connect(Number(url.port), url.hostname);
    this.socket.on('error', () => undefined);
    this.socket.write(`GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`);
    this.socket.on('data', (bytes) => {
      if (this.read === 0) this.status = Buffer.from(bytes.subarray(9, 12)).toString();
      this.read += bytes.length;
      this.socket.pause();
      if (bytesPerSecond > 0) setTimeout(() => this.socket.resume(), (bytes.length / bytesPerSecond) * 1000);
    });
  }

  leave() {
    this.socket.destroy();
  }
}

const archive = await BenchArchive.start([], environment);
try {
  const result = await smallResult(archive.inbox, 0, PART_BYTES);
  await archive.post(result);
  await archive.mails(1);
  const url = new URL(await partUrl(result));
  for (const count of counts(values.slow)) await measure(`${count} slow clients`, url, count, Number(values.rate));
  for (const count of counts(values.stalled)) await measure(`${count} stalled clients`, url, count, 0);
} finally {
  await archive.stop();
}

/** Opens the downloads, watches the archive for `--seconds`, and prints what was seen. */
async function measure(title, url, count, bytesPerSecond) {
  await pause(2_000);
  const before = await archive.memory();
  const clients = Array.from({ length: count }, () => new Client(url, bytesPerSecond));
  const end = performance.now() + Number(values.seconds) * 1000;
  const latencies = [];
  let peak = before;
  while (performance.now() < end) {
    latencies.push(await healthLatency());
    peak = Math.max(peak, await archive.memory());
    await pause(TURN_MS);
  }
  const statuses = new Map();
  for (const { status } of clients) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const [sending, stalled] = await metrics(
    'almagest_downloads',
    'almagest_http_connections_ended_total{reason="stalled"}',
  );
  clients.forEach((client) => client.leave());
  await pause(5_000);
  latencies.sort((a, b) => a - b);
  table(title, [
    ...[...statuses].map(([status, number]) => [`answered ${status || 'nothing'}`, number]),
    ['still being sent', sending],
    ['ended as stalled so far', stalled],
    ['bytes read', megabytes(clients.reduce((sum, client) => sum + client.read, 0))],
    ['memory before', megabytes(before)],
    ['peak memory', `${megabytes(peak)} (+${megabytes(peak - before)})`],
    ['memory after', megabytes(await archive.memory())],
    ['/health/live, median', `${latencies[latencies.length >> 1].toFixed(0)} ms`],
    ['/health/live, longest', `${latencies.at(-1).toFixed(0)} ms of ${latencies.length}`],
  ]);
}

async function healthLatency() {
  const begun = performance.now();
  await (await fetch(`${archive.url}/health/live`)).text();
  return performance.now() - begun;
}

/** Returns the values of the archive's metrics with these names and labels; 0 for one that it has not counted. */
async function metrics(...names) {
  const lines = (await (await fetch(`${archive.url}/metrics`)).text()).split('\n');
  return names.map((name) =>
    Number(
      lines
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')
        .at(-1) ?? 0,
    ),
  );
}

/** Returns the URL of the delivery's only part. */
async function partUrl({ member, parts }) {
  const { items } = await (await fetch(`${archive.url}/ous/${fileForm(member)}/deliveries`)).json();
  return `${archive.url}/deliveries/${items[0].id}/parts/${parts[0].name}`;
}

function counts(list) {
  return list
    .split(',')
    .map(Number)
    .filter((count) => count > 0);
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function table(title, rows) {
  console.log(`\n${title}`);
  for (const [label, value] of rows) console.log(`  ${label.padEnd(26)}${value}`);
}
