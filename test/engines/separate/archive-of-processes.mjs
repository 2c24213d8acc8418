/**
 * The whole archive with each service as a process of its own, on the real engines of `run.mjs`, behind the gateway. From
 * outside it is what `standalone` is: it keeps its home, says where it listens, ends on SIGTERM, and dies as one when
 * one of its services kills itself at a failpoint, as a machine loses its power. Only tests run it.
 *
 * What `standalone` takes from the environment it takes too; the engines come as TEST_DATABASE_URL, TEST_S3_*,
 * TEST_SMTP_URL and TEST_KAFKA_BROKERS. Each archive has a database, two buckets and topics of its own on them.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { Home } from '../../../dist/apps/standalone/home.js';
import { addressesOf, ServiceProcess, SERVICES } from './service-process.mjs';

const home = process.env.ALMAGEST_HOME;

/** Failpoints are armed in one service: the one that their name begins with; every relay has the relay's. */
const failpoint = process.env.FAILPOINT ?? '';
const armed = SERVICES.find((service) => failpoint.startsWith(`${service}.`)) ?? 'intake';

const keeper = new Home(home);
await keeper.prepare();
await mkdir(join(home, 'logs'), { recursive: true });
const engines = await enginesOf();
const common = {
  ...engines.env,
  ...forwarded(),
  SERVICE_TOKENS_FILE: keeper.tokens,
  LINK_KEYS_FILE: keeper.linkKeys,
};
const processes = await Promise.all(
  SERVICES.map((service) => ServiceProcess.of(service, common, join(home, 'logs', `${service}.log`))),
);
const addresses = addressesOf(processes.map(({ service, url }) => [service, url]));
const gateway = await ServiceProcess.of('gateway', addresses, join(home, 'logs', 'gateway.log'));
for (const each of processes) each.env.PUBLIC_URL ??= gateway.url;
const all = [...processes, gateway];

let stopping = false;
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
// The test run that started it is gone.
process.stdin.on('end', () => void stop()).resume();

for (const each of all) each.launch(each.service === armed ? { FAILPOINT: failpoint } : {});
for (const each of all) void each.ended.then((ending) => endUnexpectedly(each, ending));
await Promise.all(all.map((each) => each.listening()));
if (!stopping) {
  const urls = Object.fromEntries(processes.map(({ service, url }) => [service, url]));
  await writeFile(join(home, 'services.json'), JSON.stringify(urls));
  await keeper.announce(gateway.url);
  process.stdout.write(`Almagest listens on ${gateway.url}\n`);
}

async function stop() {
  if (stopping) return;
  stopping = true;
  await keeper.retract();
  const endings = await Promise.all(all.map((each) => each.end('SIGTERM')));
  const bad = endings.findIndex(({ code }) => code !== 0);
  if (bad >= 0)
    process.stderr.write(`${all[bad].service} ended with ${JSON.stringify(endings[bad])}\n${all[bad].output}`);
  process.exit(bad < 0 ? 0 : 1);
}

/** A service that ends by itself takes the archive with it: killed at its failpoint, or with what it said. */
async function endUnexpectedly(service, { signal }) {
  if (stopping) return;
  stopping = true;
  await Promise.all(all.map((each) => each.end('SIGKILL')));
  if (signal === 'SIGKILL') process.kill(process.pid, 'SIGKILL');
  process.stderr.write(`${service.service} ended:\n${service.output}`);
  process.exit(1);
}

/** What the test configures, without what belongs to the whole archive or to the test run. */
function forwarded() {
  const own = /^(?:ALMAGEST_HOME|PORT|FAILPOINT|PATH|HOME|TEST_.*)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

/** A database, buckets and topics for this home, the same ones in every life. */
async function enginesOf() {
  const file = join(home, 'engines.json');
  const known = await readFile(file, 'utf8').catch(() => null);
  if (known !== null) return JSON.parse(known);
  const { TEST_DATABASE_URL, TEST_DATABASE_TEMPLATE, TEST_S3_ENDPOINT, TEST_S3_ACCESS_KEY, TEST_S3_SECRET_KEY } =
    process.env;
  const { TEST_SMTP_URL, TEST_MAIL_API, TEST_KAFKA_BROKERS } = process.env;
  const id = `almagest-${randomBytes(6).toString('hex')}`;
  const admin = new pg.Client({ connectionString: TEST_DATABASE_URL });
  await admin.connect();
  await admin.query(`CREATE DATABASE "${id}" TEMPLATE ${TEST_DATABASE_TEMPLATE}`);
  await admin.end();
  const databaseUrl = new URL(TEST_DATABASE_URL);
  databaseUrl.pathname = `/${id}`;
  const made = {
    mailApi: TEST_MAIL_API,
    env: {
      DATABASE_URL: databaseUrl.href,
      S3_ENDPOINT: TEST_S3_ENDPOINT,
      S3_BUCKET: id,
      STAGING_BUCKET: `${id}-staging`,
      S3_ACCESS_KEY: TEST_S3_ACCESS_KEY,
      S3_SECRET_KEY: TEST_S3_SECRET_KEY,
      SMTP_URL: TEST_SMTP_URL,
      KAFKA_BROKERS: TEST_KAFKA_BROKERS,
      KAFKA_PREFIX: `${id}.`,
      // One Kafka has the topics of every archive of the run.
      KAFKA_PARTITIONS: '2',
      // The shortest that Kafka allows: what a killed archive held is free again after it.
      KAFKA_SESSION_SECONDS: '6',
    },
  };
  await writeFile(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}
