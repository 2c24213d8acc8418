import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { waitFor } from '../../harness/wait-for';
import { BUILT, IS_SEPARATE, REPOSITORY } from './built';

/** The program under test. */
const PROGRAM = IS_SEPARATE ? join(REPOSITORY, 'test/engines/separate/archive-of-processes.mjs') : BUILT;

const LISTENS = /^Almagest listens on (http:\S+)$/m;
/** What separate services print when one of them has killed itself. */
const DIED = /^\S+ died at its failpoint$/m;

/** How a process exited. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** The process of a standalone archive. It is stopped when the test run ends. */
export class ArchiveProcess {
  /** Its standard output and standard error so far. */
  output = '';
  /** The output before this position is from before the last restart of its services. */
  private restartedAt = 0;
  private ending: Ending | undefined;
  private readonly stopAtExit = (): void => void this.child.kill('SIGTERM');

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.once('exit', (code, signal) => {
      this.ending = { code, signal };
      process.off('exit', this.stopAtExit);
    });
    process.once('exit', this.stopAtExit);
  }

  /** Starts it with an environment of `env`, the search path and the user's home only. */
  static spawn(env: Readonly<Record<string, string>>): ArchiveProcess {
    const { PATH = '', HOME = '' } = process.env;
    const engines = Object.entries(process.env).filter(([name]) => IS_SEPARATE && name.startsWith('TEST_'));
    return new ArchiveProcess(
      spawn(process.execPath, [PROGRAM], {
        env: { PATH, HOME, ...Object.fromEntries(engines), ...env },
        // Separate services end when their standard input ends, and are killed as one process group.
        stdio: [IS_SEPARATE ? 'pipe' : 'ignore', 'pipe', 'pipe'],
        detached: IS_SEPARATE,
      }),
    );
  }

  get isRunning(): boolean {
    return this.ending === undefined;
  }

  get isKilled(): boolean {
    return this.ending?.signal === 'SIGKILL';
  }

  /** The process's id. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /**
   * Waits until it prints the URL that it listens on, and returns the URL.
   * @throws Error with its output when it ends instead, or prints no URL
   */
  async listens(): Promise<string> {
    return waitFor('the archive to listen', async () => {
      if (!this.isRunning) throw new Error(`the archive did not start:\n${this.output}`);
      return LISTENS.exec(this.recentOutput)?.[1];
    });
  }

  /** Starts those of the separate services again that have died, and the one of the failpoint with it armed. */
  restartServices(failpoint = ''): void {
    this.restartedAt = this.output.length;
    this.child.stdin?.write(`${failpoint}\n`);
  }

  /** Waits until it, or the one of its separate services that has a failpoint, has killed itself. */
  async died(): Promise<Ending> {
    if (!IS_SEPARATE) return this.ended();
    await waitFor('a service to die at its failpoint', async () => {
      if (!this.isRunning) throw new Error(`the archive ended:\n${this.output}`);
      return DIED.test(this.recentOutput);
    });
    return { code: null, signal: 'SIGKILL' };
  }

  /** Stops it (SIGTERM), or kills it like a power cut (SIGKILL), and waits until it has exited. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<Ending> {
    if (IS_SEPARATE && signal === 'SIGKILL') process.kill(-this.pid, signal);
    else this.child.kill(signal);
    return this.ended();
  }

  private get recentOutput(): string {
    return this.output.slice(this.restartedAt);
  }

  /** Waits until it has exited, for any reason. */
  async ended(): Promise<Ending> {
    const ending = await waitFor('the archive to end', async () => this.ending);
    if (this.child.stdout?.readableEnded === false) await once(this.child, 'close');
    return ending;
  }
}
