/**
 * Measures the archive's overhead, after `npm run build`:
 *   node test/bench/events.mjs [--samples 200] [--burst 2000] [--instances N [--bus kafka|postgres]]
 * With `--instances N`, N processes of each service run on the real engines. Without it, one process runs on the
 * embedded engines.
 * - the time from the answer 202 to the received mail, for deliveries of a few kB posted one after another;
 * - results per second, and memory, from the post of a burst until all mails are received.
 */
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';
import { parseArgs } from 'node:util';
import { BenchArchive } from './bench-archive.mjs';
import { SeparateArchive } from './separate-archive.mjs';
import { smallResult } from './small-delivery.mjs';

const WARM_UP = 20;
const POSTED_AT_ONCE = 16;
const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '200' },
    burst: { type: 'string', default: '2000' },
    instances: { type: 'string', default: '0' },
    bus: { type: 'string', default: 'kafka' },
  },
});
const [samples, burst, instances] = [values.samples, values.burst, values.instances].map(Number);

const archive = instances > 0 ? await SeparateArchive.start(instances, values.bus) : await BenchArchive.start();
try {
  const results = [];
  for (let number = 0; number < WARM_UP + samples + burst; number++) {
    results.push(await smallResult(archive.inbox, number));
  }
  for (const result of results.splice(0, WARM_UP)) await overheadOf(result);
  const overheads = [];
  for (const result of results.splice(0, samples)) overheads.push(await overheadOf(result));
  table('from 202 to mail, one at a time', [
    ['samples', samples],
    ['delivery size', megabytes(results[0].parts[0].size)],
    ['p50', milliseconds(quantile(overheads, 0.5))],
    ['p99', milliseconds(quantile(overheads, 0.99))],
    ['longest', milliseconds(Math.max(...overheads))],
  ]);
  table(`burst of ${burst}, ${POSTED_AT_ONCE} posts at a time`, await measureBurst(results));
} finally {
  await archive.stop();
}

async function overheadOf(result) {
  const before = archive.received.size;
  await archive.post(result);
  const answered = performance.now();
  await archive.mails(before + 1);
  return [...archive.received.values()].at(-1) - answered;
}

async function measureBurst(results) {
  const before = await archive.memory();
  let peak = before;
  const sampler = setInterval(async () => (peak = Math.max(peak, await archive.memory())), 100);
  const begun = performance.now();
  const expected = archive.received.size + results.length;
  const left = [...results];
  const poster = async () => {
    for (let result = left.shift(); result !== undefined; result = left.shift()) await archive.post(result);
  };
  await Promise.all(Array.from({ length: POSTED_AT_ONCE }, poster));
  const accepted = performance.now() - begun;
  await archive.mails(expected);
  const finished = performance.now() - begun;
  clearInterval(sampler);
  return [
    ['all accepted after', `${(accepted / 1000).toFixed(1)} s`],
    ['all mails received after', `${(finished / 1000).toFixed(1)} s`],
    ['results per second', (results.length / (finished / 1000)).toFixed(1)],
    ['memory before', megabytes(before)],
    ['peak memory', megabytes(peak)],
    ['memory after', megabytes(await archive.memory())],
  ];
}

function quantile(values, q) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

function milliseconds(value) {
  return `${value.toFixed(1)} ms`;
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}

function table(title, rows) {
  console.log(`\n${title}`);
  for (const [label, value] of rows) console.log(`  ${label.padEnd(26)}${value}`);
}
