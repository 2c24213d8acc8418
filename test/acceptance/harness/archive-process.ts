import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { waitFor } from './wait-for';

export const REPOSITORY = join(__dirname, '../../..');

/** The program under test, as `npm run build` leaves it. */
export const PROGRAM = join(REPOSITORY, 'dist/apps/standalone/main.js');

const LISTENS = /^Almagest listens on (http:\S+)$/m;
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 30_000;

/** How a process ended. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** One life of a standalone archive: a process of its own, killed with the test run if that should break off. */
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
    return new ArchiveProcess(
      spawn(process.execPath, [PROGRAM], { env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] }),
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
    return waitFor(
      'the archive to listen',
      async () => {
        if (!this.isRunning) throw new Error(`the archive did not start:\n${this.said}`);
        return LISTENS.exec(this.output)?.[1];
      },
      START_LIMIT_MS,
    );
  }

  /** Asks it to end (SIGTERM) or ends it as a power cut would (SIGKILL), and waits until it is gone. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<Ending> {
    this.child.kill(signal);
    return this.ended();
  }

  /** Waits until it is gone, by whatever cause. */
  async ended(): Promise<Ending> {
    const ending = await waitFor('the archive to end', async () => this.ending, STOP_LIMIT_MS);
    if (this.child.stdout?.readableEnded === false) await once(this.child, 'close');
    return ending;
  }
}
