import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { waitFor } from '../../harness/wait-for';
import { BUILT, IS_SEPARATE, REPOSITORY } from './built';

/** The program under test. */
const PROGRAM = IS_SEPARATE ? join(REPOSITORY, 'test/engines/separate/archive-of-processes.mjs') : BUILT;

const LISTENS = /^Almagest listens on (http:\S+)$/m;

/** How a process exited. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** One life of a standalone archive: a process of its own, killed with the test run if that is interrupted. */
export class ArchiveProcess {
  private output = '';
  private ending: Ending | undefined;
  private readonly endWithUs = (): void => void this.child.kill('SIGTERM');

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.once('exit', (code, signal) => {
      this.ending = { code, signal };
      process.off('exit', this.endWithUs);
    });
    process.once('exit', this.endWithUs);
  }

  /** Starts it with nothing in its environment but `env`, the search path and the user's home. */
  static spawn(env: Readonly<Record<string, string>>): ArchiveProcess {
    const { PATH = '', HOME = '' } = process.env;
    const engines = Object.entries(process.env).filter(([name]) => IS_SEPARATE && name.startsWith('TEST_'));
    return new ArchiveProcess(
      spawn(process.execPath, [PROGRAM], {
        env: { PATH, HOME, ...Object.fromEntries(engines), ...env },
        // Separate services end when their input does, and die as one.
        stdio: [IS_SEPARATE ? 'pipe' : 'ignore', 'pipe', 'pipe'],
        detached: IS_SEPARATE,
      }),
    );
  }

  get isRunning(): boolean {
    return this.ending === undefined;
  }

  /** All it has said on standard output and standard error. */
  get said(): string {
    return this.output;
  }

  /** The process's id. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /**
   * The URL it says it listens on.
   * @throws Error with what it said when it ends instead, or says nothing
   */
  async listens(): Promise<string> {
    return waitFor('the archive to listen', async () => {
      if (!this.isRunning) throw new Error(`the archive did not start:\n${this.said}`);
      return LISTENS.exec(this.output)?.[1];
    });
  }

  /** Stops it (SIGTERM), or kills it like a power cut (SIGKILL), and waits until it has exited. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<Ending> {
    if (IS_SEPARATE && signal === 'SIGKILL') process.kill(-this.pid, signal);
    else this.child.kill(signal);
    return this.ended();
  }

  /** Waits until it has exited, for any reason. */
  async ended(): Promise<Ending> {
    const ending = await waitFor('the archive to end', async () => this.ending);
    if (this.child.stdout?.readableEnded === false) await once(this.child, 'close');
    return ending;
  }
}
