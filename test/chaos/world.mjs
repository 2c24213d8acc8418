import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { Home } from '../../dist/apps/standalone/home.js';
import { ServiceProcess, SERVICES } from '../engines/separate/service-process.mjs';
import { startKafka } from '../engines/kafka/start-kafka.mjs';
import { startPostgres } from '../engines/start-postgres.mjs';
import { startS3 } from '../engines/start-s3.mjs';
import { MailSink } from './mail-sink.mjs';
import { TcpProxy } from './tcp-proxy.mjs';

const DATABASE = 'almagest';
const BUCKET = 'almagest';
const RESTART_AFTER_MS = 200;
/** How long an instance with a failpoint is not killed otherwise. */
const ARMED_MS = 20_000;

/**
 * An archive of separate services, several instances of each, on its own engines. The services reach every engine
 * through a proxy; the test itself connects directly. A service that ends is started again, as an orchestrator would.
 */
export class World {
  /** The instances that ended unexpectedly, each with the last line of its output. */
  unexpectedEnds = [];
  kills = { service: 0, failpoint: 0, engine: 0 };
  stops = 0;
  closing = false;

  /**
   * @param {{ instances: number, bus: 'kafka' | 'postgres', proxied?: boolean }} options instances of each service;
   *   without `proxied` they connect to the engines directly
   */
  static async start({ instances, bus, proxied = true }) {
    const world = new World();
    try {
      await world.startEngines(bus);
      await world.startServices(instances, proxied);
      return world;
    } catch (error) {
      await world.stop();
      throw error;
    }
  }

  async startEngines(bus) {
    this.directory = await mkdtemp(join(tmpdir(), 'almagest-chaos-'));
    [this.inbox, this.logs] = ['inbox', 'logs'].map((folder) => join(this.directory, folder));
    for (const folder of [this.inbox, this.logs]) await mkdir(folder);
    const kafka = bus === 'kafka' ? startKafka({ proxied: 1 }) : undefined;
    [this.postgres, this.s3, this.mail, this.kafka] = await Promise.all([
      startPostgres(),
      startS3(),
      MailSink.start(),
      kafka,
    ]);
    const admin = new pg.Client({ connectionString: this.postgres.url });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${DATABASE}`);
    await admin.end();
    this.databaseUrl = withPort(this.postgres.url, undefined, `/${DATABASE}`);
    this.bucket = BUCKET;
    this.engines = { postgres: this.postgres.server, s3: this.s3.server };
    this.proxies = {
      postgres: await TcpProxy.to(Number(new URL(this.postgres.url).port)),
      s3: await TcpProxy.to(Number(new URL(this.s3.endpoint).port)),
      mail: await TcpProxy.to(this.mail.port),
    };
    if (this.kafka !== undefined) {
      const { kafka } = this;
      this.engines.kafka = { kill: () => kafka.kill(), stop: () => kafka.kill('SIGTERM'), start: () => kafka.start() };
      // Kafka advertises this port to its clients.
      const [{ broker, client }] = kafka.proxied;
      this.proxies.kafka = await TcpProxy.to(broker, client);
    }
    this.pool = new pg.Pool({ connectionString: this.databaseUrl, max: 4 });
    this.pool.on('error', () => undefined);
  }

  async startServices(instances, proxied) {
    const home = new Home(join(this.directory, 'home'));
    await home.prepare();
    this.token = (await readFile(home.tokens, 'utf8')).trim().split(/\s+/).at(-1);
    const env = {
      SERVICE_TOKENS_FILE: home.tokens,
      LINK_KEYS_FILE: home.linkKeys,
      DATABASE_URL: proxied ? withPort(this.databaseUrl, this.proxies.postgres.port) : this.databaseUrl,
      S3_ENDPOINT: proxied ? withPort(this.s3.endpoint, this.proxies.s3.port).replace(/\/$/, '') : this.s3.endpoint,
      S3_BUCKET: BUCKET,
      S3_ACCESS_KEY: this.s3.accessKey,
      S3_SECRET_KEY: this.s3.secretKey,
      SMTP_URL: `smtp://127.0.0.1:${proxied ? this.proxies.mail.port : this.mail.port}`,
      ...(this.kafka === undefined ? {} : this.busVariables(proxied)),
      SOURCE_ROOTS: this.inbox,
      LOG_LEVEL: 'info',
    };
    this.instances = [];
    for (const service of SERVICES) {
      for (let number = 1; number <= instances; number++) {
        const instance = await ServiceProcess.of(service, env, join(this.logs, `${service}-${number}.log`));
        instance.name = `${service}#${number}`;
        this.instances.push(instance);
      }
    }
    for (const instance of this.instances) this.launch(instance);
    await this.allListen();
  }

  /** The shortest session time-out that Kafka allows by default: after it, another instance takes over a killed one's work. */
  busVariables(proxied) {
    const brokers = proxied ? `127.0.0.1:${this.proxies.kafka.port}` : this.kafka.brokers;
    return { KAFKA_BROKERS: brokers, KAFKA_SESSION_SECONDS: '6' };
  }

  instancesOf(service) {
    return this.instances.filter((instance) => instance.service === service);
  }

  /** Starts an instance, and starts it again whenever it ends. */
  launch(instance, more) {
    instance.launch(more);
    instance.isArmed = more !== undefined;
    instance.launchedAt = performance.now();
    void instance.ended.then((ending) => this.onEnded(instance, ending));
  }

  async onEnded(instance, { code, signal }) {
    if (this.closing) return;
    if (instance.isArmed && signal === 'SIGKILL' && !instance.isEnding) this.kills.failpoint += 1;
    else if (!instance.isEnding) {
      const output = instance.output.trim().split('\n').at(-1)?.slice(0, 500);
      this.unexpectedEnds.push({ instance: instance.name, code, signal, output });
      await pause(RESTART_AFTER_MS);
    }
    instance.isEnding = false;
    if (!this.closing && !instance.isRunning) this.launch(instance, instance.next);
    instance.next = undefined;
  }

  /** Ends an instance, which is started again at once. `next` then overrides its configuration. */
  async end(instance, signal, next) {
    if (!instance.isRunning || instance.isEnding || this.isDying(instance)) return null;
    instance.isEnding = true;
    instance.next = next;
    if (signal === 'SIGKILL') this.kills.service += 1;
    else this.stops += 1;
    return instance.end(signal);
  }

  /** Returns whether an instance is expected to die at its failpoint: then nothing else ends it, for `ARMED_MS`. */
  isDying(instance) {
    return instance.isArmed && performance.now() - instance.launchedAt < ARMED_MS;
  }

  async killEngine(name, downMs) {
    const server = this.engines[name];
    this.kills.engine += 1;
    await server.kill();
    await pause(downMs);
    await server.start();
  }

  async allListen() {
    for (const instance of this.instances) {
      for (let tries = 0; ; tries++) {
        try {
          await instance.listening();
          break;
        } catch (error) {
          if (tries === 20) throw error;
          await pause(RESTART_AFTER_MS);
        }
      }
    }
  }

  /** Sends a request to a random running instance of a service. */
  async ask(service, path, init = {}) {
    const running = this.instancesOf(service).filter(({ isRunning }) => isRunning);
    const instance = running[Math.floor(Math.random() * running.length)] ?? this.instancesOf(service)[0];
    return this.askInstance(instance, path, init);
  }

  async askInstance(instance, path, init = {}) {
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' };
    return fetch(`${instance.url}${path}`, { signal: AbortSignal.timeout(30_000), ...init, headers });
  }

  get killed() {
    return this.kills.service + this.kills.failpoint + this.kills.engine;
  }

  async stop() {
    this.closing = true;
    await Promise.all((this.instances ?? []).map((instance) => instance.end('SIGKILL')));
    await this.pool?.end();
    for (const proxy of Object.values(this.proxies ?? {})) if (proxy.server.listening) await proxy.refuse();
    await Promise.all([this.postgres?.stop(), this.s3?.stop(), this.mail?.stop(), this.kafka?.stop()]);
    if (this.directory !== undefined) await rm(this.directory, { recursive: true, force: true });
  }
}

function withPort(address, port, pathname) {
  const url = new URL(address);
  if (port !== undefined) url.port = `${port}`;
  if (pathname !== undefined) url.pathname = pathname;
  return url.href;
}
