import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readEndpoint } from '../archive/archive-address';
import { CliError } from '../cli.error';
import { codeOf, isAlive } from '../system-error';

/** The home of the demo: emptied for each run, and used by one run at a time. */
export class DemoHome {
  private constructor(
    readonly directory: string,
    private readonly lock: string,
  ) {}

  /**
   * Takes the home and empties it.
   * @throws CliError `cli.demo-failed` while another process uses it
   */
  static async take(directory: string): Promise<DemoHome> {
    await mkdir(dirname(directory), { recursive: true });
    const home = new DemoHome(directory, `${directory}.lock`);
    await home.holdLock();
    try {
      const endpoint = await readEndpoint(directory).catch(() => null);
      if (endpoint !== null && (await answers(endpoint.url))) throw inUse(directory, endpoint.pid);
      await rm(directory, { recursive: true, force: true });
    } catch (error) {
      await home.release();
      throw error;
    }
    return home;
  }

  /** Lets the next run have it; what is in it stays. */
  async release(): Promise<void> {
    await rm(this.lock, { force: true });
  }

  /** Notes the process of the archive, which would outlive this one if this one were killed. */
  async note(pid: number | undefined): Promise<void> {
    await writeFile(this.lock, `${process.pid}\n${pid ?? ''}\n`);
  }

  private async holdLock(): Promise<void> {
    for (;;) {
      try {
        await writeFile(this.lock, `${process.pid}\n`, { flag: 'wx' });
        return;
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
      }
      const holders = (await readFile(this.lock, 'utf8').catch(() => '')).split('\n').map(Number);
      const alive = holders.find((pid) => Number.isInteger(pid) && pid > 0 && isAlive(pid));
      if (alive !== undefined) throw inUse(this.directory, alive);
      // Its holder was killed, and the archive with it.
      await this.release();
    }
  }
}

function inUse(directory: string, pid: number): CliError {
  return new CliError('cli.demo-failed', `process ${pid} runs on ${directory} already`, {
    hints: [`stop it first: kill ${pid}`],
  });
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/health/live`, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );
}
