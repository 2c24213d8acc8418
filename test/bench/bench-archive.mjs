import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';

const PROGRAM = fileURLToPath(new URL('../../dist/apps/standalone/main.js', import.meta.url));

/** A standalone archive with its own home directory, and the mails it sends. */
export class BenchArchive {
  /** The received mails: file name -> time of arrival, `performance.now`. */
  received = new Map();

  /**
   * @param {string[]} nodeOptions options of Node for the archive's process
   * @param {Record<string, string>} environment further variables of the archive; its home stays if `ALMAGEST_HOME` is one
   */
  static async start(nodeOptions = [], environment = {}) {
    const archive = new BenchArchive();
    archive.directory = await mkdtemp(join(tmpdir(), 'almagest-bench-'));
    await chmod(archive.directory, 0o755);
    archive.home = environment.ALMAGEST_HOME ?? join(archive.directory, 'home');
    archive.inbox = join(archive.directory, 'inbox');
    await mkdir(archive.inbox);
    const { PATH, HOME } = process.env;
    archive.child = spawn(process.execPath, [...nodeOptions, PROGRAM], {
      env: { PATH, HOME, ALMAGEST_HOME: archive.home, PORT: '0', SOURCE_ROOTS: archive.inbox, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    archive.url = await archive.waitUntilListening();
    const tokens = await readFile(join(archive.home, 'service-tokens'), 'utf8');
    archive.token = tokens.trim().split('\n').at(-1).split(' ')[2];
    archive.watchMail();
    return archive;
  }

  async post(result) {
    const { statusCode, body } = await request(`${this.url}/qa2-results`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(result),
    });
    const answer = await body.text();
    if (statusCode !== 202) throw new Error(`${statusCode}: ${answer}`);
  }

  /** Resolves when `count` mails have been received. */
  async mails(count) {
    while (this.received.size < count) await new Promise((resolve) => (this.onMail = resolve));
  }

  /** Returns the resident memory of the archive's process, in bytes. */
  async memory() {
    return residentMemory(this.child.pid);
  }

  async stop() {
    this.watcher.close();
    clearInterval(this.poll);
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
    await rm(this.directory, { recursive: true });
  }

  async waitUntilListening() {
    for await (const line of createInterface({ input: this.child.stdout })) {
      const url = /^Almagest listens on (\S+)$/.exec(line)?.[1];
      if (url !== undefined) return url;
    }
    throw new Error('the archive did not start');
  }

  /** Counts a mail as received when its file has its final name. */
  watchMail() {
    const directory = join(this.home, 'mail');
    const seen = new Set();
    const note = (name) => {
      if (!name.endsWith('.eml') || seen.has(name)) return;
      seen.add(name);
      this.received.set(name, performance.now());
      this.onMail?.();
    };
    this.watcher = watch(directory, (_event, name) => note(name ?? ''));
    // The watch can miss files in a burst: polling finds them.
    this.poll = setInterval(async () => (await readdir(directory)).forEach(note), 500);
  }
}

/** Returns the resident memory of a process, in bytes (Linux). */
export async function residentMemory(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]) * 1024;
}
