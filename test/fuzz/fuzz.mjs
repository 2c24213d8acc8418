import { clearInterval, setInterval } from 'node:timers';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

const USAGE = `Usage: node test/fuzz/fuzz.mjs [--cases N] [--seed N] [--case N]

Reads mutated archives, FITS headers, PPRs and READMEs in turn (run npm run build first). Within the limits of time and
memory, every case must end in a valid report of the delivery standard: findings or an acceptance.
  --cases N  number of cases (default 10000)
  --seed N   number of the first case (default random; it is printed)
  --case N   run one case only, to reproduce a failure`;

/** A case that takes longer counts as hung: the slowest good ones take a second on a busy machine. */
const DEADLINE_MS = 30_000;
const LIMITS = { maxOldGenerationSizeMb: 256 };
const LARGEST_RSS = 1024 * 1024 * 1024;

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '10000' },
    seed: { type: 'string' },
    case: { type: 'string' },
    help: { type: 'boolean' },
  },
});
if (values.help) process.stdout.write(`${USAGE}\n`);
else process.exitCode = await main();

async function main() {
  const seed = Number(values.case ?? values.seed ?? randomInt(2 ** 31));
  const cases = values.case === undefined ? Number(values.cases) : 1;
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(cases) || cases < 1) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  process.stdout.write(`seed ${seed}, ${cases} cases\n`);
  const tally = new Map();
  const broken = [];
  const began = Date.now();
  let [next, slowest, largest] = [seed, 0, 0];
  while (next < seed + cases) {
    const numbers = Array.from({ length: seed + cases - next }, (_, index) => next + index);
    const last = await runWorker(numbers, (result, milliseconds) => {
      slowest = Math.max(slowest, milliseconds);
      largest = Math.max(largest, process.memoryUsage.rss());
      if (result.broken !== undefined) broken.push(result);
      else tally.set(`${result.kind} ${result.outcome}`, (tally.get(`${result.kind} ${result.outcome}`) ?? 0) + 1);
    });
    if (last.broken !== undefined) broken.push(last);
    next = last.number + 1;
  }
  for (const [what, count] of [...tally].sort()) process.stdout.write(`${String(count).padStart(6)} ${what}\n`);
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  process.stdout.write(`${seconds} s; slowest case ${slowest} ms; peak memory ${(largest / 1e6).toFixed(0)} MB\n`);
  for (const { number, broken: why } of broken.slice(0, 20)) process.stdout.write(`case ${number}: ${why}\n`);
  if (largest > LARGEST_RSS) process.stdout.write('memory exceeded its limit\n');
  return broken.length > 0 || largest > LARGEST_RSS ? 1 : 0;
}

/** Runs cases in a thread until all are done or one ends the thread. Returns the last case that was started. */
function runWorker(numbers, onResult) {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('worker.mjs', import.meta.url), {
      workerData: { numbers },
      resourceLimits: LIMITS,
    });
    let [current, began] = [numbers[0], Date.now()];
    let broken;
    const deadline = setInterval(() => {
      if (Date.now() - began <= DEADLINE_MS) return;
      broken = `did not finish in ${DEADLINE_MS} ms`;
      void worker.terminate();
    }, 500);
    worker.on('message', (message) => {
      if (message.began) [current, began] = [message.number, Date.now()];
      else onResult(message, Date.now() - began);
    });
    worker.on('error', (error) => (broken = `crashed the thread: ${error.stack ?? error}`));
    worker.on('exit', () => {
      clearInterval(deadline);
      resolve(broken === undefined ? { number: current } : { number: current, broken });
    });
  });
}
