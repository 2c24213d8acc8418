import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EmbeddedPostgres } from '@almagest/embedded-postgres';
import { makeDirectory } from '@almagest/platform/disk';
import { readEndpoint } from '../archive/archive-address';
import { CliError } from '../cli.error';
import { codeOf, isAlive } from '../system-error';

/** The home directory of the demo: emptied for each run, and locked while a run uses it. */
export class DemoHome {
  private constructor(
    readonly directory: string,
    private readonly lock: string,
  ) {}

  /**
   * Locks the home and empties it.
   * @throws CliError `cli.demo-failed` while another process uses it
   */
  static async acquire(directory: string): Promise<DemoHome> {
    await makeDirectory(dirname(directory));
    const home = new DemoHome(directory, `${directory}.lock`);
    await home.acquireLock();
    try {
      const endpoint = await readEndpoint(directory).catch(() => null);
      if (endpoint !== null && (await answers(endpoint.url))) throw inUse(directory, endpoint.pid);
      await EmbeddedPostgres.remove(directory);
      await rm(directory, { recursive: true, force: true });
    } catch (error) {
      await home.release();
      throw error;
    }
    return home;
  }

  /** Unlocks the home; its contents stay. */
  async release(): Promise<void> {
    await rm(this.lock, { force: true });
  }

  /** Records the process of the archive in the lock: it outlives this process if that is killed. */
  async recordArchive(pid: number | undefined): Promise<void> {
    await writeFile(this.lock, `${process.pid}\n${pid ?? ''}\n`);
  }

  private async acquireLock(): Promise<void> {
    for (;;) {
      try {
        await writeFile(this.lock, `${process.pid}\n`, { flag: 'wx' });
        return;
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
      }
      const owners = (await readFile(this.lock, 'utf8').catch(() => '')).split('\n').map(Number);
      const alive = owners.find((pid) => Number.isInteger(pid) && pid > 0 && isAlive(pid));
      if (alive !== undefined) throw inUse(this.directory, alive);
      // The lock is stale: neither its owner nor the archive runs any more.
      await this.release();
    }
  }
}

function inUse(directory: string, pid: number): CliError {
  return new CliError('cli.demo-failed', `process ${pid} already uses ${directory}`, {
    hints: [`stop it first: kill ${pid}`],
  });
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/health/live`, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );
}
