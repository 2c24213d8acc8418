import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../harness/free-port.mjs';
import { killAtExit } from '../server-process.mjs';

/** The services of the archive, in starting order. */
export const SERVICES = ['catalogue', 'intake', 'ingest', 'notifier', 'request-handler', 'search'];

/** Returns the environment of the gateway: the URL of each service, from `[service, url]`. */
export function addressesOf(places) {
  return Object.fromEntries(places.map(([service, url]) => [`${service.toUpperCase().replace('-', '_')}_URL`, url]));
}

const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 30_000;

/**
 * One instance of a service (or the gateway) in a separate process. It can be killed, stopped and started again on the
 * same port, and never outlives this process.
 */
export class ServiceProcess {
  /**
   * @param {string} service a folder of `dist/apps`
   * @param {Record<string, string>} env its whole configuration
   * @param {string | undefined} logFile its output is appended to this file
   */
  static async of(service, env, logFile) {
    return new ServiceProcess(service, { ...env, PORT: `${await freePort()}` }, logFile);
  }

  constructor(service, env, logFile) {
    Object.assign(this, { service, env, logFile });
    this.url = `http://127.0.0.1:${env.PORT}`;
  }

  get isRunning() {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Starts it, with `more` overriding its configuration. Resolves when it listens. */
  async start(more = {}) {
    this.launch(more);
    await this.listening();
  }

  launch(more = {}) {
    const { PATH = '', HOME = '' } = process.env;
    const program = fileURLToPath(new URL(`../../../dist/apps/${this.service}/main.js`, import.meta.url));
    const child = spawn(process.execPath, [program], {
      env: { PATH, HOME, ...this.env, ...more },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child = child;
    this.output = '';
    const log = this.logFile === undefined ? undefined : createWriteStream(this.logFile, { flags: 'a' });
    child.stderr.on('data', (chunk) => {
      this.output = (this.output + chunk).slice(-20_000);
      log?.write(chunk);
    });
    this.ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
    void this.ended.then(() => log?.end());
    killAtExit(child);
  }

  /** Resolves when it answers. Rejects with its output when it ends instead. */
  async listening() {
    const { child } = this;
    const limit = Date.now() + START_LIMIT_MS;
    for (;;) {
      const live = await fetch(`${this.url}/health/live`).catch(() => null);
      if (live?.ok) return;
      if (child !== this.child || !this.isRunning) throw new Error(`${this.service} did not start:\n${this.output}`);
      if (Date.now() > limit)
        throw new Error(`${this.service} did not listen in ${START_LIMIT_MS} ms:\n${this.output}`);
      await pause(50);
    }
  }

  /** Sends a signal and waits until the process has ended. Throws when the process does not end on SIGTERM. */
  async end(signal) {
    const { child } = this;
    if (!this.isRunning) return this.ended;
    child.kill(signal);
    const slow = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    const ending = await this.ended;
    clearTimeout(slow);
    if (signal !== 'SIGKILL' && ending.signal === 'SIGKILL') {
      throw new Error(`${this.service} did not end within ${STOP_LIMIT_MS} ms of ${signal}:\n${this.output}`);
    }
    return ending;
  }
}
