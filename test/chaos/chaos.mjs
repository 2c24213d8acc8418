/**
 * Submits QA2 results to an archive of separate services while its processes and engines are killed, and then compares
 * what it accepted with what it stored, catalogued, announced and mailed. After `npm run build`:
 *   npm run chaos -- [--kills 100] [--seed N] [--bus kafka|postgres] [--scenario random|rolling|outages] [...]
 * Exit code 0: nothing was lost, doubled, half-visible or out of order. 1: the faults are printed.
 */
import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Random } from '../fuzz/random.mjs';
import { check } from './checker.mjs';
import { keepEventLog, unpublished } from './event-log.mjs';
import { KafkaChaosBus } from './kafka-bus.mjs';
import { PostgresChaosBus } from './postgres-bus.mjs';
import { Reader } from './reader.mjs';
import { outages, rolling } from './scenarios.mjs';
import { Schedule } from './schedule.mjs';
import { ChangeFollower, passReleaseDate } from './search-check.mjs';
import { Stream } from './stream.mjs';
import { World } from './world.mjs';

/** After this time without progress, unfinished work counts as lost. */
const STILL_MS = 900_000;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
    bus: { type: 'string', default: 'kafka' },
    scenario: { type: 'string', default: 'random' },
    every: { type: 'string', default: '1.2' },
    rate: { type: 'string', default: '2' },
    instances: { type: 'string', default: '2' },
    down: { type: 'string', default: '60' },
    keep: { type: 'boolean', default: false },
  },
});
const numbers = Object.fromEntries(
  ['kills', 'seed', 'every', 'rate', 'instances', 'down'].map((n) => [n, Number(values[n])]),
);
const { kills, seed, every, rate, instances, down } = numbers;
if (Object.values(numbers).some((number) => !(number >= 0)))
  throw new Error('--kills, --seed, --every, --rate, --instances and --down must be numbers, 0 or more');
console.log(
  `seed ${seed}: scenario ${values.scenario}, bus ${values.bus}, ${instances} instances per service, ${rate} results/s`,
);

const begun = performance.now();
const world = await World.start({ instances, bus: values.bus });
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void world.stop().then(() => process.exit(130)));
try {
  const bus = values.bus === 'kafka' ? new KafkaChaosBus(world) : new PostgresChaosBus(world);
  await keepEventLog(world.pool);
  const publish = (messages) => bus.publish(messages);
  const stream = new Stream(world, { random: new Random(seed), perSecond: rate, publish });
  const reader = new Reader(world, stream, new Random(seed + 1));
  const schedule = new Schedule(world, {
    random: new Random(seed + 2),
    kills,
    every,
    print: (line) => console.log(line),
    replay: (count) => bus.replay(count),
  });
  const scenario = { random: () => schedule.run(), rolling: () => rolling(world), outages: () => outages(world, down) };
  let over = false;
  const follower = new ChangeFollower(world);
  const reading = Promise.all([reader.run(), follower.run()]);
  const streaming = stream.run(() => !over);
  const released = passReleaseDate(world.pool, () => over);
  const report = await scenario[values.scenario]();
  over = true;
  await Promise.all([streaming, released]);
  console.log(`${seconds()} s  all results are sent; waiting for the archive to finish`);
  await waitUntilIdle(bus);
  reader.stopped = follower.stopped = true;
  await reading;
  console.log(`${seconds()} s  finished; checking`);
  const { faults, counts } = await check(world, stream, bus, follower);
  for (const what of new Set(reader.faults)) faults.push({ kind: 'half-visible', what });
  for (const what of report?.faults ?? []) faults.push({ kind: values.scenario, what });
  print({ ...counts, ...report?.counts }, faults, stream, reader, schedule);
  process.exitCode = faults.length === 0 ? 0 : 1;
  await bus.close();
} finally {
  if (values.keep) {
    await writeFile(`${world.directory}/DATABASE_URL`, world.databaseUrl);
    console.log(`kept: ${world.directory}, ${world.databaseUrl}; press Ctrl-C to remove`);
    await pause(3_600_000);
  }
  await world.stop();
}

/** Waits until no event, message or job is outstanding, or until there is no progress for `STILL_MS`. */
async function waitUntilIdle(bus) {
  let last = '';
  for (let still = performance.now(); performance.now() - still < STILL_MS;) {
    const left = await outstanding(bus).catch((error) => ({ error: error.message }));
    if (Object.values(left).every((count) => count === 0)) return;
    const now = JSON.stringify(left);
    if (now !== last) still = performance.now();
    last = now;
    await pause(500);
  }
  console.log(`no progress any more: ${last}`);
}

async function outstanding(bus) {
  const { rows } = await world.pool.query(`
    SELECT (SELECT count(*) FROM graphile_worker.jobs
             WHERE task_identifier IN ('ingest/delivery', 'notifier/mail')) AS jobs,
           (SELECT count(*) FROM notifier.mail WHERE state = 'pending') AS mails,
           (SELECT count(*) FROM search.ous WHERE NOT is_public AND release_date < search.today()) AS releases`);
  const [{ jobs, mails, releases }] = rows;
  return {
    events: await unpublished(world.pool),
    jobs: Number(jobs),
    mails: Number(mails),
    releases: Number(releases),
    messages: await bus.waiting(),
  };
}

function print(counts, faults, stream, reader, schedule) {
  const { service, failpoint, engine } = world.kills;
  const lines = {
    'processes killed': world.killed,
    '  services, kill -9': service,
    '  services, at a failpoint': failpoint,
    '  engines, kill -9': engine,
    'services stopped by SIGTERM': world.stops,
    'services that ended unexpectedly': world.unexpectedEnds.length,
    ...Object.fromEntries(Object.entries(schedule.counts).map(([kind, count]) => [`disturbances: ${kind}`, count])),
    'results planned': stream.steps.length,
    'posts repeated without an answer': stream.repeats,
    ...counts,
    'catalogue reads during the run': reader.reads,
  };
  for (const [label, count] of Object.entries(lines)) console.log(`${label.padEnd(52)}${String(count).padStart(8)}`);
  for (const { instance, code, signal, output } of world.unexpectedEnds.slice(0, 20)) {
    console.log(`ended unexpectedly: ${instance} (${code ?? signal}) ${output}`);
  }
  const kinds = ['lost', 'doubled', 'half-visible', 'order'];
  for (const { kind } of faults) if (!kinds.includes(kind)) kinds.push(kind);
  console.log(kinds.map((kind) => `${kind} ${faults.filter((fault) => fault.kind === kind).length}`).join(', '));
  for (const { kind, what } of faults.slice(0, 100)) console.log(`FAULT ${kind}: ${what}`);
  console.log(`seed ${seed}: ${faults.length === 0 ? 'passed' : 'FAILED'} after ${seconds()} s`);
}

function seconds() {
  return ((performance.now() - begun) / 1000).toFixed(1).padStart(7);
}
