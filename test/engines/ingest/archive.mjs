// A standalone archive in a separate process.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { fetch } from 'undici';

const PROGRAM = fileURLToPath(new URL('../../../dist/apps/standalone/main.js', import.meta.url));
const START_LIMIT_MS = 60_000;

export class Archive {
  /**
   * Starts an archive on `home`, which may be the home of a killed one.
   * @param {{ home: string, sources: string, env?: Record<string, string> }} options
   */
  static async start({ home, sources, env = {} }) {
    await mkdir(home, { recursive: true });
    const child = spawn(process.execPath, [PROGRAM], {
      env: { ...process.env, ALMAGEST_HOME: home, PORT: '0', SOURCE_ROOTS: sources, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const archive = new Archive(home, child);
    const stopNow = () => archive.stopNow();
    // Before its folder is removed. By SIGKILL, it would leave its PostgreSQL running for the next archive on that
    // folder.
    process.prependOnceListener('exit', stopNow);
    child.once('exit', () => process.off('exit', stopNow));
    await archive.listening();
    return archive;
  }

  constructor(home, child) {
    this.home = home;
    this.child = child;
    this.ended = new Promise((resolve) => child.once('exit', resolve));
  }

  get pid() {
    return this.child.pid;
  }

  /** Posts a QA2 result and returns the path of its status. */
  async post(result) {
    const response = await this.ask('/qa2-results', { method: 'POST', body: JSON.stringify(result) });
    if (!response.ok) throw new Error(`the archive refused the result: ${await response.text()}`);
    return response.headers.get('location');
  }

  async status(path) {
    return (await this.ask(path)).json();
  }

  /** Resolves with the status once the result is settled or in one of the given states. */
  async settled(path, states = []) {
    for (;;) {
      const status = await this.status(path);
      if (status.settled || states.includes(status.state)) return status;
      await pause(20);
    }
  }

  /** Returns the sum of a metric's values whose labels include `labels`; 0 when there are none. */
  async metric(name, labels = '') {
    const text = await (await this.ask('/metrics')).text();
    const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
    return lines.filter((line) => line.includes(labels)).reduce((sum, line) => sum + Number(line.split(' ').pop()), 0);
  }

  /** Returns the resident memory in bytes, now and at its peak. */
  memory() {
    const text = readFileSync(`/proc/${this.pid}/status`, 'latin1');
    const bytes = (field) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)[1]) * 1024;
    return { now: bytes('VmRSS'), peak: bytes('VmHWM') };
  }

  /** Returns the processor time so far, in seconds. */
  cpu() {
    const fields = this.stat();
    return { user: Number(fields[11]) / 100, system: Number(fields[12]) / 100 };
  }

  /** Returns the fields of /proc/PID/stat after the process name: state, parent and so on (`man 5 proc`). */
  stat() {
    return readFileSync(`/proc/${this.pid}/stat`, 'latin1')
      .replace(/^.*\) /, '')
      .split(' ');
  }

  async stop() {
    this.child.kill('SIGTERM');
    await this.ended;
  }

  /** Stops it synchronously: nothing else in this process runs meanwhile. */
  stopNow() {
    this.child.kill('SIGTERM');
    const clock = new Int32Array(new SharedArrayBuffer(4));
    // It remains a zombie, because this process does not collect its exit status meanwhile.
    while (this.stat()[0] !== 'Z') Atomics.wait(clock, 0, 0, 50);
  }

  async kill() {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  async ask(path, init = {}) {
    const { url, tokenFile } = JSON.parse(await readFile(join(this.home, 'endpoint.json'), 'utf8'));
    const token = (await readFile(tokenFile, 'utf8')).trim().split(/\s+/).pop();
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...init.headers };
    return fetch(new URL(path, url), { ...init, headers });
  }

  /** Waits until the endpoint file names this process. */
  async listening() {
    const limit = Date.now() + START_LIMIT_MS;
    for (;;) {
      const endpoint = await readFile(join(this.home, 'endpoint.json'), 'utf8').catch(() => '{}');
      if (JSON.parse(endpoint || '{}').pid === this.pid) return;
      if (this.child.exitCode !== null) throw new Error(`the archive ended with ${this.child.exitCode}`);
      if (Date.now() > limit) throw new Error(`the archive did not start in ${START_LIMIT_MS} ms`);
      await pause(20);
    }
  }
}
