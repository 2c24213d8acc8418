/**
 * The whole archive with each service in a separate process, on the real engines of `run.mjs`, behind the gateway. From
 * outside it behaves like `standalone`: it keeps its home, prints where it listens, and ends on SIGTERM. A service that
 * kills itself at its failpoint dies alone, and the archive prints that it did. A line on standard input starts it
 * again, with the failpoint that the line names, if any. Only tests run it.
 *
 * It takes the same environment variables as `standalone`, and the engines from TEST_DATABASE_URL, TEST_S3_*,
 * TEST_SMTP_URL and TEST_KAFKA_BROKERS. Each archive has a separate database, two buckets and topics on them.
 */
import { randomBytes } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { addressesOf, ServiceProcess, SERVICES } from './service-process.mjs';

const home = process.env.ALMAGEST_HOME;

await mkdir(join(home, 'logs'), { recursive: true });
const tokenFile = await secretFile('service-tokens', `all qa2:submit,archive:read,archive:operate ${secret()}`);
const linkKeys = await secretFile('link-keys', `k1 ${secret()}`);
const engines = await enginesOf();
const common = {
  ...engines.env,
  ...forwarded(),
  SERVICE_TOKENS_FILE: tokenFile,
  LINK_KEYS_FILE: linkKeys,
};
const processes = await Promise.all(
  SERVICES.map((service) => ServiceProcess.of(service, common, join(home, 'logs', `${service}.log`))),
);
const addresses = addressesOf(processes.map(({ service, url }) => [service, url]));
const gateway = await ServiceProcess.of('gateway', addresses, join(home, 'logs', 'gateway.log'));
for (const each of processes) each.env.PUBLIC_URL ??= gateway.url;
const all = [...processes, gateway];

let stopping = false;
/** The service that is being stopped in order to start it with a failpoint. */
let replaced;
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
const urls = Object.fromEntries(processes.map(({ service, url }) => [service, url]));
await writeFile(join(home, 'services.json'), JSON.stringify(urls));
await run(process.env.FAILPOINT ?? '');
createInterface({ input: process.stdin })
  .on('line', (failpoint) => void run(failpoint))
  // The test run that started it has ended.
  .on('close', () => void stop());

/** Starts the services that do not run, and the one of the failpoint again, and waits until all listen. */
async function run(failpoint) {
  // A failpoint is armed in the service that its name begins with; the relay's failpoints in intake.
  const armed = SERVICES.find((service) => failpoint.startsWith(`${service}.`)) ?? 'intake';
  const due = all.filter((each) => !each.isRunning || (failpoint !== '' && each.service === armed));
  for (const each of due) {
    replaced = each;
    if (each.isRunning) await each.end('SIGTERM');
    replaced = undefined;
    const isArmed = failpoint !== '' && each.service === armed;
    each.launch(isArmed ? { FAILPOINT: failpoint } : {});
    void each.ended.then((ending) => handleEnd(each, ending, isArmed));
  }
  const listening = await Promise.allSettled(due.map((each) => each.listening()));
  if (stopping) return;
  // At its failpoint, a service may die before it listens.
  if (failpoint === '' && listening.some(({ status }) => status === 'rejected')) return;
  // How the commands find an archive by its home.
  const endpoint = join(home, 'endpoint.json');
  await writeFile(`${endpoint}.new`, JSON.stringify({ url: gateway.url, pid: process.pid, tokenFile }));
  await rename(`${endpoint}.new`, endpoint);
  process.stdout.write(`Almagest listens on ${gateway.url}\n`);
}

async function stop() {
  if (stopping) return;
  stopping = true;
  await rm(join(home, 'endpoint.json'), { force: true });
  const endings = await Promise.all(all.map((each) => each.end('SIGTERM')));
  const bad = endings.findIndex(({ code }) => code !== 0);
  if (bad >= 0)
    process.stderr.write(`${all[bad].service} ended with ${JSON.stringify(endings[bad])}\n${all[bad].output}`);
  process.exit(bad < 0 ? 0 : 1);
}

/** Reports a death at the failpoint. When a service ends otherwise, ends the archive with the service's output. */
async function handleEnd(service, { signal }, isArmed) {
  if (stopping || service === replaced) return;
  if (isArmed && signal === 'SIGKILL') return void process.stdout.write(`${service.service} died at its failpoint\n`);
  stopping = true;
  await Promise.all(all.map((each) => each.end('SIGKILL')));
  process.stderr.write(`${service.service} ended:\n${service.output}`);
  process.exit(1);
}

function secret() {
  return randomBytes(32).toString('base64url');
}

/** Writes a file of the home, unless the test or an earlier start wrote it. Returns its path. */
async function secretFile(name, line) {
  const path = join(home, name);
  await access(path).catch(() => writeFile(path, `${line}\n`, { mode: 0o600 }));
  return path;
}

/** Returns the test's environment without the variables of the archive as a whole and of the test run. */
function forwarded() {
  const own = /^(?:ALMAGEST_HOME|PORT|FAILPOINT|PATH|HOME|TEST_.*)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

/** Returns the database, buckets and topics of this home, the same ones after every start. */
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
      // After it, the partitions of a killed service are free again.
      KAFKA_SESSION_SECONDS: '3',
    },
  };
  await writeFile(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}
