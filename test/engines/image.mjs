/**
 * Builds the image of deploy/Dockerfile, starts its services on the real engines and submits the sample:
 *   node test/engines/image.mjs [--base IMAGE] [--no-build]
 * `--base` replaces the Dockerfile's BASE_IMAGE where that cannot be pulled. Needs buildah. The services run in a
 * chroot of the image, as its user, on this machine's network. This does not test what only a container engine does
 * (resource limits, read-only roots, the health loop).
 */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { startEngines } from './engines.mjs';
import { addressesOf, SERVICES } from './separate/service-process.mjs';
import { freePort } from '../harness/free-port.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const IMAGE = 'localhost/almagest-test';
const RESULTS = ['1-member-12m.json', '2-member-7m.json', '3-group.json'];
const START_LIMIT_MS = 120_000;
const { values } = parseArgs({
  options: { base: { type: 'string' }, build: { type: 'boolean', default: true } },
  allowNegative: true,
});
const buildah = promisify(execFile).bind(undefined, 'buildah');

if (values.build) await build();
const engines = await startEngines();
const folder = await mkdtemp(join(tmpdir(), 'almagest-image-'));
const { stdout } = await buildah(['from', IMAGE]);
const container = stdout.trim();
const children = [];
try {
  const env = await environment();
  await inImage(env, ['migrate']);
  const gateway = await startServices(env);
  for (const result of RESULTS) {
    console.log(
      await inImage({}, [
        'almagest',
        'submit',
        `/deliveries/${result}`,
        '--server',
        gateway,
        '--token-file',
        '/secrets/token',
      ]),
    );
  }
  const { total } = await (await fetch(`${engines.env.TEST_MAIL_API}/api/v1/messages`)).json();
  if (!(total >= RESULTS.length)) throw new Error(`expected at least ${RESULTS.length} mails, received ${total}`);
  console.log(`${total} mails received`);
  await endServices();
} finally {
  for (const { child } of children) child.kill('SIGKILL');
  await buildah(['rm', container]);
  await engines.stop();
  await rm(folder, { recursive: true });
}

async function build() {
  const base = values.base === undefined ? [] : ['--build-arg', `BASE_IMAGE=${values.base}`];
  const how = [
    'build',
    '--isolation',
    'chroot',
    '--format',
    'docker',
    ...base,
    '-t',
    IMAGE,
    '-f',
    'deploy/Dockerfile',
    '.',
  ];
  const [code] = await once(spawn('buildah', how, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] }), 'close');
  if (code !== 0) throw new Error(`buildah ended with ${code}`);
}

/** Returns the environment that deploy/compose.yaml gives the services, with the engines of this machine. */
async function environment() {
  const secret = randomBytes(32).toString('hex');
  await writeFile(join(folder, 'service-tokens'), `operator qa2:submit,archive:read,archive:operate ${secret}\n`);
  await writeFile(join(folder, 'link-keys'), `k1 ${randomBytes(32).toString('hex')}\n`);
  await writeFile(join(folder, 'token'), secret);
  await chmod(folder, 0o755);
  const {
    TEST_DATABASE_URL,
    TEST_S3_ENDPOINT,
    TEST_S3_ACCESS_KEY,
    TEST_S3_SECRET_KEY,
    TEST_SMTP_URL,
    TEST_KAFKA_BROKERS,
  } = engines.env;
  return {
    DATABASE_URL: TEST_DATABASE_URL,
    MIGRATE_AT_START: 'false',
    KAFKA_BROKERS: TEST_KAFKA_BROKERS,
    S3_ENDPOINT: TEST_S3_ENDPOINT,
    S3_ACCESS_KEY: TEST_S3_ACCESS_KEY,
    S3_SECRET_KEY: TEST_S3_SECRET_KEY,
    SMTP_URL: TEST_SMTP_URL,
    MAIL_FROM: 'ALMA archive <archive@example.org>',
    SOURCE_ROOTS: '/deliveries',
    SERVICE_TOKENS_FILE: '/secrets/service-tokens',
    LINK_KEYS_FILE: '/secrets/link-keys',
    LOG_LEVEL: 'warn',
  };
}

/** Starts every service and the gateway, and waits until each passes the image's health check. */
async function startServices(env) {
  const ports = Object.fromEntries(
    await Promise.all([...SERVICES, 'gateway'].map(async (service) => [service, await freePort()])),
  );
  const gateway = `http://127.0.0.1:${ports.gateway}`;
  for (const service of SERVICES)
    start(service, { ...env, PUBLIC_URL: gateway, HOST: '127.0.0.1', PORT: ports[service] });
  const addresses = addressesOf(SERVICES.map((service) => [service, `http://127.0.0.1:${ports[service]}`]));
  start('gateway', { ...addresses, HOST: '127.0.0.1', PORT: ports.gateway });
  for (const [service, port] of Object.entries(ports)) await healthy(service, port);
  return gateway;
}

function start(service, env) {
  const child = spawn('buildah', runArgs(env, ['/almagest/deploy/run.sh', service]), {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  children.push({ service, child, ended: once(child, 'close') });
}

async function healthy(service, port) {
  const limit = Date.now() + START_LIMIT_MS;
  for (;;) {
    try {
      await buildah(runArgs({ PORT: port }, ['node', '/almagest/deploy/healthy.mjs']));
      console.log(`${service} is healthy`);
      return;
    } catch (cause) {
      if (Date.now() > limit) throw new Error(`${service} is not healthy after ${START_LIMIT_MS} ms`, { cause });
      await pause(500);
    }
  }
}

/**
 * Stops the services as a container engine does: by SIGTERM to the first process, because buildah does not forward it.
 */
async function endServices() {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  const childOf = new Map(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number).reverse()),
  );
  for (const { service, child, ended } of children) {
    let { pid } = child;
    while (childOf.has(pid)) pid = childOf.get(pid);
    process.kill(pid, 'SIGTERM');
    const [code] = await ended;
    console.log(`${service} ended: ${code}`);
    if (code !== 0) process.exitCode = 1;
  }
}

async function inImage(env, command) {
  const { stdout } = await buildah(runArgs(env, ['/almagest/deploy/run.sh', ...command]));
  return stdout;
}

function runArgs(env, command) {
  const volumes = [`${join(ROOT, 'examples')}:/deliveries:ro`, `${folder}:/secrets:ro`].flatMap((volume) => [
    '--volume',
    volume,
  ]);
  const variables = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  return ['run', '--isolation', 'chroot', ...volumes, ...variables, container, '--', ...command];
}
