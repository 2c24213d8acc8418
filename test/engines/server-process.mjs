import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The folder for built and downloaded engines. git ignores it. A second run starts in seconds. */
export const CACHE = fileURLToPath(new URL('../../.cache/engines', import.meta.url));
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 20_000;

const children = new Set();
process.once('exit', () => children.forEach((child) => child.kill('SIGKILL')));

/** Kills the child when this process ends. */
export function killAtExit(child) {
  children.add(child);
  child.once('exit', () => children.delete(child));
}

/** Creates a new folder in `CACHE`, which is removed when this process ends. */
export async function temporaryFolder(prefix) {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, prefix));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

/** Makes an interrupted program end normally, so that its child processes and temporary folders are removed. */
export function exitWhenInterrupted() {
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
}

/** A server in a child process that can be stopped, killed and started again. It never outlives this process. */
export class ServerProcess {
  /**
   * @param {{ name: string, command: string, args: string[], answers: () => Promise<unknown>, stopSignal?: string,
   *   options?: import('node:child_process').SpawnOptions }} how `answers` rejects until the server is ready
   */
  constructor(how) {
    this.how = how;
  }

  get isRunning() {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /**
   * Starts it and waits until it answers. If it ends at once, as on a port that is not free yet, it is started again.
   */
  async start() {
    const limit = Date.now() + START_LIMIT_MS;
    this.launch();
    for (;;) {
      try {
        await this.how.answers();
        return;
      } catch (cause) {
        if (Date.now() > limit) {
          throw new Error(`${this.how.name} did not answer in ${START_LIMIT_MS} ms:\n${this.output}`, { cause });
        }
        await pause(50);
        if (!this.isRunning) {
          await pause(200);
          this.launch();
        }
      }
    }
  }

  async stop() {
    await this.end(this.how.stopSignal ?? 'SIGTERM');
  }

  async kill() {
    await this.end('SIGKILL');
  }

  launch() {
    const { command, args, options } = this.how;
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    this.child = child;
    this.output = '';
    const addOutput = (chunk) => (this.output = (this.output + chunk).slice(-10_000));
    child.stdout?.on('data', addOutput);
    child.stderr?.on('data', addOutput);
    child.once('error', (error) => addOutput(String(error)));
    killAtExit(child);
  }

  async end(signal) {
    const { child } = this;
    if (!this.isRunning) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    const slow = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await ended;
    clearTimeout(slow);
  }
}

/**
 * Returns the path of a program that the Go toolchain builds on first use, in about a minute, and that is then cached.
 * @returns {Promise<string>}
 */
export async function goProgram(name, module, version) {
  const folder = join(CACHE, `${name}-${version}`);
  const isBuilt = await access(join(folder, name)).then(
    () => true,
    () => false,
  );
  if (!isBuilt) {
    const building = `${folder}.${process.pid}.new`;
    await mkdir(building, { recursive: true });
    try {
      await promisify(execFile)('go', ['install', `${module}@${version}`], {
        env: { ...process.env, GOBIN: building },
      });
    } catch (cause) {
      await rm(building, { recursive: true, force: true });
      throw new Error(`${name} is not available: "go install" failed: ${cause.stderr ?? cause.message}`, { cause });
    }
    await rm(folder, { recursive: true, force: true });
    await rename(building, folder);
  }
  return join(folder, name);
}
