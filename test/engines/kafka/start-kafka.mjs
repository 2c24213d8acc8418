import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import kafkajs from 'kafkajs';
import { freePort } from '../../harness/free-port.mjs';
import { CACHE, killAtExit, temporaryFolder } from '../server-process.mjs';

const VERSION = '4.1.1';
const POM = fileURLToPath(new URL('pom.xml', import.meta.url));
const START_LIMIT_MS = 120_000;
const run = promisify(execFile);

/** The user of a secured broker, for PLAIN and SCRAM. */
export const USER = { username: 'almagest', password: 'not-a-secret' };

/**
 * Starts an Apache Kafka broker (KRaft, one node, Java 17) on free ports with an empty folder, and waits until it
 * answers metadata and group requests. On first use, Maven downloads it into `.cache/engines` in about ten seconds.
 * Topics are not created automatically.
 *
 * - `brokers` is a value for `KAFKA_BROKERS`;
 * - `secured`, with `{ secured: true }`, is a listener with TLS and SASL (PLAIN, SCRAM-SHA-256, SCRAM-SHA-512) for
 *   `USER`, and the file of its CA;
 * - `proxied`, with `{ proxied: n }`, are n listeners on the ports `broker` that advertise the ports `client`: a test
 *   can start a proxy there that breaks, delays and refuses their connections;
 * - `kill` ends it at once, like a power cut; `freeze` and `thaw` suspend and resume it; `start` starts it again on the
 *   same ports and data;
 * - `stop` ends it and removes its data.
 * @returns {Promise<import('./start-kafka.mjs').RunningKafka>}
 */
export async function startKafka({ secured = false, proxied = 0 } = {}) {
  const libs = await install();
  const folder = await temporaryFolder('kafka-');
  const [port, controllerPort, securedPort, ...ports] = await Promise.all(
    Array.from({ length: 3 + 2 * proxied }, freePort),
  );
  const pairs = Array.from({ length: proxied }, (_, i) => ({ broker: ports[2 * i], client: ports[2 * i + 1] }));
  const brokers = `127.0.0.1:${port}`;
  const ca = join(folder, 'ca.pem');
  let server;

  const start = async () => {
    server = launch(libs, folder);
    await answering(brokers, server, join(folder, 'broker.log'));
  };
  const kill = async (signal = 'SIGKILL') => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    server.kill('SIGCONT');
    await ended;
  };
  const stop = async () => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const extra = [
      ...pairs.map(({ broker, client }, i) => proxiedListener(i, broker, client)),
      ...(secured ? [await securedListener(folder, securedPort, ca)] : []),
    ];
    await writeFile(join(folder, 'server.properties'), properties(folder, port, controllerPort, extra));
    await format(libs, folder, secured);
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    brokers,
    proxied: pairs,
    ...(secured ? { secured: { brokers: `127.0.0.1:${securedPort}`, ca } } : {}),
    pid: () => server.pid,
    kill,
    start,
    freeze: () => server.kill('SIGSTOP'),
    thaw: () => server.kill('SIGCONT'),
    stop,
  };
}

/** Downloads Kafka's jars unless they are in the cache. An interrupted download leaves nothing that looks complete. */
async function install() {
  const libs = join(CACHE, `kafka-${VERSION}`);
  const isThere = await access(libs).then(
    () => true,
    () => false,
  );
  if (isThere) return libs;
  await mkdir(CACHE, { recursive: true });
  const half = await mkdtemp(join(CACHE, 'kafka-libs-'));
  await run('mvn', ['-q', '-B', '-f', POM, 'dependency:copy-dependencies', `-DoutputDirectory=${half}`]);
  // Another process may have been faster.
  await rename(half, libs).catch(() => rm(half, { recursive: true, force: true }));
  return libs;
}

function launch(libs, folder) {
  const log = createWriteStream(join(folder, 'broker.log'), { flags: 'a' });
  const server = spawn(
    'java',
    [
      '-Xmx384m',
      '-Xms128m',
      '-XX:TieredStopAtLevel=1',
      '-cp',
      join(libs, '*'),
      'kafka.Kafka',
      join(folder, 'server.properties'),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  killAtExit(server);
  server.stdout.pipe(log);
  server.stderr.pipe(log);
  return server;
}

async function format(libs, folder, secured) {
  const users = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
    '--add-scram',
    `${mechanism}=[name=${USER.username},password=${USER.password}]`,
  ]);
  await run('java', [
    '-cp',
    join(libs, '*'),
    'kafka.tools.StorageTool',
    'format',
    '-t',
    'almagest-test-cluster0',
    '-c',
    join(folder, 'server.properties'),
    ...(secured ? users : []),
  ]);
}

function properties(folder, port, controllerPort, extra) {
  const listeners = [`PLAINTEXT://127.0.0.1:${port}`, ...extra.map(({ listener }) => listener)];
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    `listeners=${[...listeners, `CONTROLLER://127.0.0.1:${controllerPort}`].join(',')}`,
    `advertised.listeners=${[listeners[0], ...extra.map(({ listener, advertised }) => advertised ?? listener)].join(',')}`,
    `listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL${extra
      .filter(({ advertised }) => advertised)
      .map(({ listener }) => `,${listener.split(':')[0]}:PLAINTEXT`)
      .join('')}`,
    'inter.broker.listener.name=PLAINTEXT',
    'controller.listener.names=CONTROLLER',
    `log.dirs=${join(folder, 'data')}`,
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=4',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'transaction.state.log.num.partitions=4',
    'group.initial.rebalance.delay.ms=0',
    'group.min.session.timeout.ms=1000',
    'auto.create.topics.enable=false',
    ...extra.flatMap(({ lines }) => lines),
    '',
  ].join('\n');
}

/** A listener that advertises another port, where a test starts a proxy. */
function proxiedListener(number, port, clientPort) {
  const name = `PROXIED${number}`;
  return { listener: `${name}://127.0.0.1:${port}`, advertised: `${name}://127.0.0.1:${clientPort}`, lines: [] };
}

/** A listener with SASL, and with TLS by a new CA. */
async function securedListener(folder, port, ca) {
  const at = (name) => join(folder, name);
  const newKey = ['-newkey', 'rsa:2048', '-nodes'];
  await run('openssl', [
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    at('ca.key'),
    '-out',
    ca,
    '-days',
    '2',
    '-subj',
    '/CN=test-ca',
  ]);
  await run('openssl', [
    'req',
    ...newKey,
    '-keyout',
    at('broker.key'),
    '-out',
    at('broker.csr'),
    '-subj',
    '/CN=127.0.0.1',
  ]);
  await writeFile(at('broker.ext'), 'subjectAltName=IP:127.0.0.1');
  const sign = ['-CA', ca, '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '2', '-extfile', at('broker.ext')];
  await run('openssl', ['x509', '-req', '-in', at('broker.csr'), '-out', at('broker.crt'), ...sign]);
  const inline = async (name) => (await readFile(at(name), 'utf8')).trim().split('\n').join('\\n');
  const name = 'listener.name.sasl_ssl';
  const login = `username="${USER.username}" password="${USER.password}" user_${USER.username}="${USER.password}"`;
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  return {
    listener: `SASL_SSL://127.0.0.1:${port}`,
    lines: [
      'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
      `${name}.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required ${login};`,
      `${name}.scram-sha-256.sasl.jaas.config=${scram}`,
      `${name}.scram-sha-512.sasl.jaas.config=${scram}`,
      'ssl.keystore.type=PEM',
      `ssl.keystore.certificate.chain=${await inline('broker.crt')}`,
      `ssl.keystore.key=${await inline('broker.key')}`,
    ],
  };
}

/** Resolves when the broker answers requests about its topics and about a consumer group. */
async function answering(brokers, server, log) {
  const limit = Date.now() + START_LIMIT_MS;
  const client = new kafkajs.Kafka({
    clientId: 'start-kafka',
    brokers: [brokers],
    logLevel: kafkajs.logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout: 5_000,
    retry: { retries: 0 },
  });
  for (;;) {
    const admin = client.admin();
    try {
      await admin.connect();
      await admin.fetchTopicMetadata();
      await admin.fetchOffsets({ groupId: 'start-kafka' });
      return;
    } catch (cause) {
      const ended = server.exitCode !== null || server.signalCode !== null;
      if (ended || Date.now() > limit) {
        const tail = (await readFile(log, 'utf8')).split('\n').slice(-15).join('\n');
        throw new Error(`Kafka ${ended ? 'ended' : `did not answer in ${START_LIMIT_MS} ms`}:\n${tail}`, { cause });
      }
      await pause(100);
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
}
